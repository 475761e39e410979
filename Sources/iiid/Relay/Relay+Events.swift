import Bytes
import III
import LocalProtocol
import RawJSON
import Transport

// What clients are told unasked.
extension Relay {
  func subscribe(_ parameters: SubscribeParameters, _ address: ReplyAddress) {
    if let refusal = state.refusal(for: address.client) { return refuse(address, refusal) }
    if let topic = parameters.topics.first(where: \.isAdministrative),
      let refusal = administrationRefusal("the event \(topic.rawValue)", for: address.client)
    {
      return refuse(address, refusal)
    }
    guard subscriptions.count(where: { $0.client == address.client }) < limits.subscriptionsPerConnection else {
      return refuse(
        address, .overloaded("this connection has \(limits.subscriptionsPerConnection) subscriptions", retryAfter: 1000)
      )
    }
    subscriptionCount += 1
    let subscription = Subscription(id: subscriptionCount, client: address.client, topics: parameters.topics)
    subscriptions.append(subscription)
    state.clients.at[address.client.slot].subscriptions += 1
    reply(
      .object([
        "subscription_id": .integer(subscription.id),
        "events": .array(parameters.topics.map { .string($0.rawValue) }),
      ]), to: address)
    if parameters.wantsSnapshot { sendSnapshot(to: subscriptions.count - 1) }
    tellRefusals(to: subscriptions.count - 1)
    subscriptionsChanged()
  }

  /// What is observed follows what somebody wants to be told of.
  private func subscriptionsChanged() {
    watchEngine()
    state.isObserved = subscriptions.contains { $0.topics.contains(.invocations) }
  }

  func unsubscribe(_ id: Int, _ address: ReplyAddress) {
    let index = subscriptions.firstIndex { $0.id == id && $0.client == address.client }
    if let index {
      subscriptions.remove(at: index)
      state.clients.at[address.client.slot].subscriptions -= 1
      subscriptionsChanged()
    }
    reply(.object(["removed": .boolean(index != nil)]), to: address)
    state.finishIfDone(address.client)
  }

  /// The client is gone.
  func endSubscriptions(of client: ClientID) {
    guard !subscriptions.isEmpty else { return }
    subscriptions.removeAll { $0.client == client }
    subscriptionsChanged()
  }

  /// The client reads again.
  func sendHeldEvents(to client: ClientID) {
    for index in subscriptions.indices where subscriptions[index].client == client {
      for event in subscriptions[index].takeHeld() {
        send(event.topic, event.subject, event.fields.span, at: event.time, to: index)
      }
    }
  }

  // MARK: - Publishing

  /// Tells every subscriber of the topic; `subject` is what it is about.
  func publish(_ topic: EventTopic, about subject: String, _ report: @autoclosure () -> Report) {
    guard subscriptions.contains(where: { $0.topics.contains(topic) }) else { return }
    var fields = ByteBuffer()
    report().write(to: &fields)
    publish(topic, about: subject, fields.span)
  }

  /// Tells every subscriber of the topic; `fields` is a JSON object.
  func publish(_ topic: EventTopic, about subject: String, _ fields: Span<UInt8>) {
    let time = Int(log.wallTime.milliseconds)
    for index in subscriptions.indices where subscriptions[index].topics.contains(topic) {
      send(topic, subject, fields, at: time, to: index)
    }
  }

  func send(_ topic: EventTopic, _ subject: String, _ fields: Span<UInt8>, at time: Int, to index: Int) {
    guard let connection = connection(subscriptions[index].client) else { return }
    guard !connection.isBehind else {
      return subscriptions[index].hold(
        Subscription.Held(topic: topic, subject: subject, fields: Array(copying: fields), time: time))
    }
    let head = subscriptions[index].head(topic, at: time)
    connection.write { DaemonMessage.event(head, fields, to: &$0) }
  }

  private func sendSnapshot(to index: Int) {
    let time = Int(log.wallTime.milliseconds)
    func send(_ topic: EventTopic, _ subject: String, _ report: Report) {
      var fields = ByteBuffer()
      report.write(to: &fields)
      self.send(topic, subject, fields.span, at: time, to: index)
    }
    for topic in subscriptions[index].topics {
      switch topic {
      case .connection: send(topic, "", connectionEvent)
      case .registration:
        for slot in state.functions.slots {
          send(topic, state.functions.at[slot].id, functionEvent(state.functions.at[slot]))
        }
      case .drain: if let event = drainEvent { send(topic, "", event) }
      case .outbox: if let keeper = outbox.keeper { send(topic, "", keeper.event(nil)) }
      case .functionsAvailable, .workersAvailable, .invocations: break
      }
    }
  }

  // MARK: - Contents

  var connectionEvent: Report {
    let status = link.status
    return .object([
      "state": .string(status.state.rawValue), "worker_id": status.workerID.map { .string($0) },
      "last_error": status.lastError.map { .string($0) },
    ])
  }

  func functionEvent(_ function: FunctionRecord) -> Report {
    .object([
      "function_id": .string(function.id), "namespace": .string(namespace), "state": .string(Self.name(function.state)),
      "instances": .integer(function.instances.count), "reason": Self.reason(function.state).map { .string($0) },
    ])
  }

  private var drainEvent: Report? {
    state.drainDeadline.map { .object(["deadline_ms": .integer(max(0, $0 - loop.now))]) }
  }

  func publishDrain() {
    if let event = drainEvent { publish(.drain, about: "", event) }
  }
}
