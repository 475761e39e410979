#!/usr/bin/perl
# Calls a function and prints its result: call.pl FUNCTION_ID [PAYLOAD_JSON]. Needs nothing but Perl's own modules.
use v5.36;
use open qw(:std :encoding(UTF-8));
use IO::Socket::UNIX;
use JSON::PP;

utf8::decode($_) for @ARGV;
my ($function, $payload) = (@ARGV, 'null');
my $json = JSON::PP->new->allow_nonref->allow_bignum;
my %params = (function_id => $function, payload => $json->decode($payload));

my $path = $ENV{IIID_SOCKET} // '/run/iiid/iiid.sock';
my $daemon = IO::Socket::UNIX->new($path) or die "$path: $!\n";
binmode $daemon, ':encoding(UTF-8)';
$SIG{PIPE} = 'IGNORE';    # a daemon that hangs up is noticed below
say $daemon $json->encode({id => 1, method => 'trigger', params => \%params});

my $line = <$daemon> // die "$path: closed without an answer\n";
my $answer = $json->decode($line);
die "$answer->{error}{message}\n" if $answer->{error};
say $json->encode($answer->{result});
