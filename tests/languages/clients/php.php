<?php
// Sends a text by one client: `php php.php curl`. Under php-fpm it is the one of the query string.
if (PHP_SAPI === "cli") {
    $account = getenv("TWILIO_ACCOUNT_SID");
    [$token, $from, $client] = [getenv("TWILIO_AUTH_TOKEN"), getenv("TWILIO_PHONE_NUMBER"), $argv[1]];
} else {
    // It clears the environment: a pool's configuration says what its application is to know.
    $account = "AC00000000000000000000000000000001";
    [$token, $from, $client] = ["00000000000000000000000000000001", "+12025550100", $_GET["client"]];
}
$url = "https://api.twilio.com/2010-04-01/Accounts/$account/Messages.json";
$text = ["To" => "+12025550199", "From" => $from, "Body" => "Hello"];

/** As twilio-php has it: curl answers with every head, and these words tell the proxy's from others. */
function send_by_curl(string $url, string $user, array $text): string
{
    $curl = curl_init();
    curl_setopt_array($curl, [
        CURLOPT_URL => $url, CURLOPT_HEADER => true, CURLOPT_RETURNTRANSFER => true,
        CURLOPT_POST => true, CURLOPT_POSTFIELDS => http_build_query($text), CURLOPT_USERPWD => $user,
    ]);
    $said = curl_exec($curl);
    if ($said === false) {
        return curl_error($curl);
    }
    $parts = explode("\r\n\r\n", $said, 3);
    $tunnel = preg_match('/\AHTTP\/1.\d 200 Connection established\Z/', $parts[0]) === 1;
    $head = $tunnel ? $parts[1] : $parts[0];
    $sent = json_decode($tunnel ? $parts[2] : $parts[1], true);
    return str_starts_with($sent["sid"] ?? "", "SM") ? explode(" ", $head)[1] : $head;
}

function send_by_guzzle(string $url, string $user, array $text): string
{
    require "/usr/share/php/GuzzleHttp/autoload.php";
    $client = new GuzzleHttp\Client();
    $answer = $client->post($url, ["auth" => explode(":", $user), "form_params" => $text]);
    return (string) $answer->getStatusCode();
}

echo "send_by_$client"($url, "$account:$token", $text), "\n";
