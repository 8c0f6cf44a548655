// Sends a text by net/http.
package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
)

func main() {
	account := os.Getenv("TWILIO_ACCOUNT_SID")
	text := url.Values{
		"To": {"+12025550199"}, "From": {os.Getenv("TWILIO_PHONE_NUMBER")}, "Body": {"Hello"},
	}
	request, err := http.NewRequest(
		"POST",
		"https://api.twilio.com/2010-04-01/Accounts/"+account+"/Messages.json",
		strings.NewReader(text.Encode()),
	)
	if err == nil {
		request.SetBasicAuth(account, os.Getenv("TWILIO_AUTH_TOKEN"))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var answer *http.Response
		if answer, err = http.DefaultClient.Do(request); err == nil {
			fmt.Println(answer.StatusCode)
			return
		}
	}
	fmt.Println(err)
	os.Exit(1)
}
