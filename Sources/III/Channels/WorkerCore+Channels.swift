extension WorkerCore {
  /// The reading end `channel`, which is made when it is used first.
  func receiver(_ channel: Int, _ ref: StreamChannelRef) -> ChannelReceiver {
    if let receiver = receivers[channel] { return receiver }
    let receiver = ChannelReceiver(ref, link.channels)
    receivers[channel] = receiver
    if isOver { receiver.finish(.failure(.shutdown(ref))) }
    return receiver
  }

  /// The writing end `channel`, which is made when it is used first.
  func sender(_ channel: Int, _ ref: StreamChannelRef) -> ChannelSender {
    if let sender = senders[channel] { return sender }
    let sender = ChannelSender(ref, link.channels)
    senders[channel] = sender
    if isOver { sender.finish(.failure(.shutdown(ref))) }
    return sender
  }

  /// Nobody has the end any more.
  func dropReceiver(_ channel: Int) { receivers.removeValue(forKey: channel)?.finish(.success(())) }

  /// Nobody has the end any more: what was not closed ends without a word.
  func dropSender(_ channel: Int) {
    guard let sender = senders[channel] else { return }
    let isBusy = sender.abandon { [weak self] in self?.senders[channel] = nil }
    if !isBusy { senders[channel] = nil }
  }

  /// The worker is over.
  func endChannels() {
    for receiver in receivers.values { receiver.shutdown() }
    for sender in senders.values { sender.shutdown() }
  }
}
