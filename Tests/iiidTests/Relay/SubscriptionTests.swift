import LocalProtocol
import Testing

@testable import iiid

@Suite struct SubscriptionTests {
  var subscription = Subscription(id: 3, client: .none, topics: [.connection, .registration])

  private func held(_ topic: EventTopic, _ subject: String, _ fields: String) -> Subscription.Held {
    Subscription.Held(topic: topic, subject: subject, fields: Array(fields.utf8), time: 7)
  }

  @Test mutating func eventsAreCounted() {
    let first = subscription.head(.connection, at: 5)
    #expect((first.subscription, first.sequence, first.time, first.lagged) == (3, 1, 5, 0))
    #expect(subscription.head(.registration, at: 6).sequence == 2)
  }

  @Test mutating func ofEachSubjectTheLastEventIsHeld_andTheOthersAreCounted() {
    subscription.hold(held(.registration, "a", "1"))
    subscription.hold(held(.registration, "b", "2"))
    subscription.hold(held(.connection, "", "3"))
    subscription.hold(held(.registration, "a", "4"))
    subscription.hold(held(.connection, "", "5"))
    let events = subscription.takeHeld()
    #expect(events.map { String(decoding: $0.fields, as: UTF8.self) } == ["2", "4", "5"])
    #expect(subscription.head(.registration, at: 8).lagged == 2)
    #expect(subscription.head(.registration, at: 9).lagged == 0)
    #expect(subscription.takeHeld().isEmpty)
  }
}
