import Testing

@testable import III

@Suite struct InvocationTableTests {
  @Test func `places are used again`() {
    var table = InvocationTable()
    #expect(table.isEmpty)
    let first = table.reserve()
    let second = table.reserve()
    #expect(first != second && table.count == 2)
    #expect(table.ended(first) == false)
    #expect(table.reserve() == first)
    #expect(table.ended(second) == false && table.ended(first) == false && table.isEmpty)
  }

  @Test func `all that run are cancelled`() async {
    var table = InvocationTable()
    let place = table.reserve()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
    }
    let invocation = IncomingInvocation(id: UUIDBits(high: 1, low: 2), generation: 1)
    table.started(place, InvocationTable.Entry(invocation: invocation, token: [], task: task))
    #expect(table.cancelAll().map(\.invocation) == [invocation])
    await task.value
    #expect(table.ended(place) == true)
  }
}
