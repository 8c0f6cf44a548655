# Sends a text by Net::HTTP.
require "net/http"

account = ENV.fetch("TWILIO_ACCOUNT_SID")
url = URI("https://api.twilio.com/2010-04-01/Accounts/#{account}/Messages.json")
request = Net::HTTP::Post.new(url)
request.basic_auth(account, ENV.fetch("TWILIO_AUTH_TOKEN"))
request.set_form_data("To" => "+12025550199", "From" => ENV["TWILIO_PHONE_NUMBER"], "Body" => "Hello")
answer = Net::HTTP.start(url.host, url.port, use_ssl: true) { |http| http.request(request) }
puts answer.code
