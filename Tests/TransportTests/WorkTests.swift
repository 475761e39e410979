import Glibc
import Synchronization
import Testing

@testable import Transport

@Suite struct WorkTests {
  @Test func result_comesInATurnOfTheLoop() throws {
    let loop = try EventLoop()
    let here = pthread_self()
    var result: (text: String, wasElsewhere: Bool)?
    loop.work {
      ("done", pthread_equal(pthread_self(), here) == 0)
    } then: {
      result = $0
    }
    #expect(result == nil)
    run(loop, until: { result != nil })
    #expect(result?.text == "done")
    #expect(result?.wasElsewhere == true)
    loop.close()
  }

  @Test func closingTheLoop_waitsAndTellsNobody() throws {
    let loop = try EventLoop()
    let isDone = Atomic(false)
    var wasTold = false
    loop.work {
      usleep(20_000)
      isDone.store(true, ordering: .relaxed)
    } then: {
      wasTold = true
    }
    loop.close()
    let wasDone = isDone.load(ordering: .relaxed)
    #expect(wasDone)
    #expect(!wasTold)
  }
}
