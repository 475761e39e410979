#!/usr/bin/perl
# Serves perl::words, which counts the words of {"text":"…"}. Needs nothing but Perl's own modules. Ends when the daemon does.
use v5.36;
no warnings 'experimental::builtin';
use IO::Socket::UNIX;
use JSON::PP;

my $json = JSON::PP->new->utf8;
my $path = $ENV{IIID_SOCKET} // '/run/iiid/iiid.sock';
my $daemon = IO::Socket::UNIX->new($path) or die "$path: $!\n";
say $daemon '{"id":1,"method":"register_function","params":{"function_id":"perl::words"}}';

while (my $line = <$daemon>) {
    my $message = $json->decode($line);
    warn "$message->{error}{message}\n" if $message->{error};
    next unless ($message->{method} // '') eq 'invoke';
    my $payload = $message->{params}{payload};
    my $text = ref $payload eq 'HASH' ? $payload->{text} : undef;
    my %answer = builtin::created_as_string($text)
        ? (result => {words => scalar(() = $text =~ /\S+/g)})
        : (error => {code => 'NO_TEXT', message => 'payload.text must be a string'});
    say $daemon $json->encode({id => $message->{id}, %answer});
}
