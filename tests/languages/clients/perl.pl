# Sends a text by one client: `perl perl.pl LWP`.
use strict;
use warnings;
use MIME::Base64;

my $account = $ENV{TWILIO_ACCOUNT_SID};
my $url     = "https://api.twilio.com/2010-04-01/Accounts/$account/Messages.json";
my $login   = "Basic " . encode_base64("$account:$ENV{TWILIO_AUTH_TOKEN}", "");
my %text    = (To => "+12025550199", From => $ENV{TWILIO_PHONE_NUMBER}, Body => "Hello");

if ($ARGV[0] eq "LWP") {
    require LWP::UserAgent;
    my $answer = LWP::UserAgent->new->post($url, \%text, Authorization => $login);
    print $answer->code, " ", $answer->code == 201 ? "" : $answer->content, "\n";
}
else {
    require HTTP::Tiny;
    my $tiny   = HTTP::Tiny->new(verify_SSL => 1, default_headers => { Authorization => $login });
    my $answer = $tiny->post_form($url, \%text);
    print $answer->{status}, " ", $answer->{status} == 201 ? "" : $answer->{content}, "\n";
}
