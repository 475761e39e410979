// LocalProtocol
