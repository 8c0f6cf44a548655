# Sends a text by one client: `sh shell.sh curl`.
url="https://api.twilio.com/2010-04-01/Accounts/$TWILIO_ACCOUNT_SID/Messages.json"
from="%2B${TWILIO_PHONE_NUMBER#+}"
text="To=%2B12025550199&From=$from&Body=Hello"
case $1 in
curl)
    curl --silent --show-error --output /dev/null --write-out '%{http_code}\n' \
        --user "$TWILIO_ACCOUNT_SID:$TWILIO_AUTH_TOKEN" --data "$text" "$url"
    ;;
wget)
    wget --quiet --server-response --output-document=- --auth-no-challenge \
        --user "$TWILIO_ACCOUNT_SID" --password "$TWILIO_AUTH_TOKEN" --post-data "$text" "$url" 2>&1 |
        sed -n 's#^ *HTTP/1.1 \(201\).*#\1#p'
    ;;
esac
