#!/usr/bin/env escript
%% Sends a text by httpc, which checks certificates as OTP 26 and later do by themselves.
main(_) ->
    inets:start(),
    ssl:start(),
    Account = os:getenv("TWILIO_ACCOUNT_SID"),
    Login = "Basic " ++ base64:encode_to_string(Account ++ ":" ++ os:getenv("TWILIO_AUTH_TOKEN")),
    Text = uri_string:compose_query([
        {"To", "+12025550199"}, {"From", os:getenv("TWILIO_PHONE_NUMBER")}, {"Body", "Hello"}
    ]),
    Url = "https://api.twilio.com/2010-04-01/Accounts/" ++ Account ++ "/Messages.json",
    Request = {Url, [{"Authorization", Login}], "application/x-www-form-urlencoded", Text},
    Checked = [
        {verify, verify_peer},
        {cacerts, public_key:cacerts_get()},
        {customize_hostname_check, [
            {match_fun, public_key:pkix_verify_hostname_match_fun(https)}
        ]}
    ],
    case httpc:request(post, Request, [{ssl, Checked}], []) of
        {ok, {{_, Status, _}, _, _}} -> io:format("~p~n", [Status]);
        {error, Reason} -> io:format("~p~n", [Reason]), halt(1)
    end.
