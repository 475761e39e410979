import LocalProtocol
import Testing

@testable import iiid

@Suite struct ChannelLimitsTests {
  @Test func aWindowCountsWhatHasNotLeft() {
    var window = ChannelWindow(limit: 10)
    #expect(window.verdict(on: 10) == .accept)
    #expect(window.verdict(on: 11) == .tooLarge)
    window.accepted(7)
    #expect(window.room == 3)
    #expect(window.verdict(on: 3) == .accept)
    #expect(window.verdict(on: 4) == .wait)
    #expect(window.verdict(on: 0) == .accept)
    window.left(7)
    #expect(window.verdict(on: 10) == .accept)
  }

  private func holder(_ slot: Int, _ user: UInt32) -> ChannelHolder {
    ChannelHolder(client: ClientID(slot: slot, generation: slot), user: user)
  }

  @Test func soManyOfAConnectionOfAUserAndInAll() {
    var limits = RelayLimits()
    limits.channelsPerConnection = 2
    limits.channelsPerUser = 3
    limits.channels = 4
    var quota = ChannelQuota()
    func opened(_ holder: ChannelHolder) -> String? {
      if let refusal = quota.refusal(for: holder, limits: limits) { return refusal.text }
      quota.opened(by: holder)
      return nil
    }
    let (first, second, other) = (holder(1, 1000), holder(2, 1000), holder(3, 1001))
    #expect(opened(first) == nil && opened(first) == nil)
    #expect(opened(first) == "this connection has 2 channels open")
    #expect(opened(second) == nil)
    #expect(opened(second) == "user 1000 has 3 channels open")
    #expect(opened(other) == nil)
    #expect(opened(other) == "4 channels are open already")
    quota.closed(by: first)
    #expect(quota.total == 3)
    #expect(opened(other) == nil)
    quota.closed(by: second)
    #expect(opened(first) == nil)
  }
}
