import Testing
import Transport

@testable import III

@Suite struct WaitingCallsTests {
  static func entry(_ number: Int, payload: JSON = .null, at deadline: Int64 = .max) throws -> WaitingCalls.Entry {
    WaitingCalls.Entry(
      number: number, request: try CallRequest(TriggerRequest("f", payload: payload), timeout: .seconds(1)),
      deadline: MonotonicTime(milliseconds: deadline))
  }

  @Test func theyComeOutInOrder_withoutThoseThatWereGivenUp() throws {
    var waiting = WaitingCalls()
    for number in 1...4 { #expect(try waiting.append(Self.entry(number))) }
    waiting.remove(2)
    waiting.remove(2)
    let numbers = waiting.takeAll().map(\.number)
    #expect(numbers == [1, 3, 4])
    #expect(waiting.count == 0)
  }

  @Test func whatDoesNotFit_isRefused_andRoomComesBack() throws {
    var waiting = WaitingCalls(callLimit: 2, byteLimit: 100)
    let large = JSON(String(repeating: "x", count: 80))
    #expect(try waiting.append(Self.entry(1, payload: large)))
    #expect(try !waiting.append(Self.entry(2, payload: large)))
    #expect(try waiting.append(Self.entry(3)))
    #expect(try !waiting.append(Self.entry(4)))
    waiting.remove(1)
    #expect(try waiting.append(Self.entry(5, payload: large)))
    _ = waiting.takeAll()
    #expect(try waiting.append(Self.entry(6, payload: large)))
  }

  @Test func thoseWhoseTimeIsOver_areTakenOut() throws {
    var waiting = WaitingCalls(callLimit: 3)
    #expect(waiting.earliest == .distantFuture)
    for (number, deadline) in [(1, 30), (2, 10), (3, Int64.max)] {
      #expect(try waiting.append(Self.entry(number, at: deadline)))
    }
    #expect(waiting.earliest == MonotonicTime(milliseconds: 10))
    #expect(waiting.takeExpired(MonotonicTime(milliseconds: 9)).isEmpty)
    #expect(waiting.takeExpired(MonotonicTime(milliseconds: 10)).map(\.number) == [2])
    #expect(try waiting.append(Self.entry(4)))
    #expect(waiting.takeExpired(MonotonicTime(milliseconds: 1000)).map(\.number) == [1])
    #expect(waiting.count == 2)
  }
}
