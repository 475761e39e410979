import Testing

@testable import Outbox

@Suite struct OrderedIDsTests {
  @Test func numbersComeOutInOrder() {
    var ids = OrderedIDs()
    for id in [5, 9, 1, 7, 3] { ids.insert(id) }
    #expect(Array(ids.ascending) == [1, 3, 5, 7, 9])
    ids.remove(5)
    ids.remove(6)
    ids.remove(10)
    #expect(ids.popFirst() == 1)
    ids.insert(2)
    #expect(Array(ids.ascending) == [2, 3, 7, 9])
    #expect(ids.count == 4 && ids.first == 2)
    while ids.popFirst() != nil {}
    ids.remove(2)
    ids.insert(4)
    #expect(Array(ids.ascending) == [4])
  }
}
