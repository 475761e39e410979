import Glibc
import Testing

@testable import Transport

@Suite struct EventLoopTests {
  @Test func atEndOfTurn_runsOnce() throws {
    let loop = try EventLoop()
    var count = 0
    loop.atEndOfTurn { count += 1 }
    #expect(count == 0)
    settle(loop)
    #expect(count == 1)
    loop.close()
  }

  @Test func atEndOfTurn_fromItself_runsInNextFlush_withoutWaiting() throws {
    let loop = try EventLoop()
    var order: [Int] = []
    loop.atEndOfTurn {
      order.append(1)
      loop.atEndOfTurn { order.append(2) }
    }
    // Would wait for ever if the second one did not keep the loop from waiting.
    loop.runOnce()
    loop.runOnce()
    #expect(order == [1, 2])
    loop.close()
  }

  @Test func now_staysWithinATurn() throws {
    let loop = try EventLoop()
    let before = loop.now
    usleep(5000)
    #expect(loop.now == before)
    loop.updateTime()
    #expect(loop.now - before >= 4)
    loop.close()
  }

  @Test func stop_endsRun() throws {
    let loop = try EventLoop()
    let timer = Timer(on: loop) { loop.stop() }
    timer.start(after: 1)
    loop.run()
    loop.close()
  }

  @Test func handle_thatLibuvRefuses_isGivenBackOnce() throws {
    let loop = try EventLoop()
    var refusal: Errno?
    do throws(Errno) {
      // Of the size of a real one: a memory that is given back twice ends the process.
      _ = try unsafe Handle(InlineArray<16, UInt64>.self, { _, _ in }) { _ in -Errno.invalidArgument.code }
    } catch {
      refusal = error
    }
    #expect(refusal == .invalidArgument)
    loop.close()
  }

  @Test func close_withOpenHandles_silencesThem() throws {
    let loop = try EventLoop()
    var fired = 0
    let timer = Timer(on: loop) { fired += 1 }
    timer.start(after: 0)
    let (stream, other) = try SocketStream.pair(on: loop)
    let owner = RecordingOwner()
    stream.start(owner: owner)
    other.start(owner: owner)
    other.send("late")
    loop.close()
    // What is used after the loop's end does nothing.
    timer.start(after: 0)
    timer.close()
    stream.close()
    #expect(fired == 0)
    #expect(owner.events.isEmpty)
  }
}

@Suite struct TimerTests {
  @Test func start_firesOnce() throws {
    let loop = try EventLoop()
    var fired = 0
    let timer = Timer(on: loop) { fired += 1 }
    let begin = loop.now
    timer.start(at: begin + 5)
    #expect(timer.isActive)
    run(loop) { fired > 0 }
    #expect(loop.now - begin >= 5)
    #expect(!timer.isActive)
    settle(loop)
    #expect(fired == 1)
    loop.close()
  }

  @Test func start_again_forgetsEarlierStart() throws {
    let loop = try EventLoop()
    var fired = 0
    let timer = Timer(on: loop) { fired += 1 }
    timer.start(after: 0)
    timer.start(at: .distantFuture)
    settle(loop)
    #expect(fired == 0)
    #expect(!timer.isActive)
    timer.start(at: loop.now + -100)
    settle(loop)
    #expect(fired == 1)
    loop.close()
  }

  @Test func repeating_firesUntilStopped() throws {
    let loop = try EventLoop()
    var fired = 0
    var timer: Timer?
    timer = Timer(on: loop) {
      fired += 1
      if fired == 3 { timer?.stop() }
    }
    timer?.start(after: 1, repeatingEvery: 1)
    run(loop) { fired == 3 }
    usleep(3000)
    settle(loop)
    #expect(fired == 3)
    timer = nil
    loop.close()
  }

  @Test func letGo_inOwnCallback_isSafe() throws {
    let loop = try EventLoop()
    var fired = 0
    var timer: Timer?
    timer = Timer(on: loop) {
      fired += 1
      timer = nil
    }
    timer?.start(after: 0, repeatingEvery: 1)
    run(loop) { fired == 1 }
    usleep(3000)
    settle(loop)
    #expect(fired == 1)
    loop.close()
  }

  @Test func closed_byTheOtherThatIsDue_doesNotFire() throws {
    let loop = try EventLoop()
    var fired: [Int] = []
    var timers: [Timer] = []
    for number in 0..<2 {
      timers.append(
        Timer(on: loop) {
          fired.append(number)
          timers[1 - number].close()
        })
    }
    for timer in timers { timer.start(after: 1) }
    usleep(3000)
    run(loop) { !fired.isEmpty }
    settle(loop)
    #expect(fired == [0])
    timers = []
    loop.close()
  }
}

@Suite struct SignalSourceTests {
  @Test func signal_isReceivedInATurn() throws {
    let loop = try EventLoop()
    var received = 0
    let source = try SignalSource(on: loop, signal: SIGUSR1) { received += 1 }
    kill(getpid(), SIGUSR1)
    run(loop) { received == 1 }
    source.close()
    loop.close()
  }
}

@Suite struct WakeUpTests {
  @Test func sends_areMerged() throws {
    let loop = try EventLoop()
    var woken = 0
    let wakeUp = try WakeUp(on: loop) { woken += 1 }
    for _ in 0..<5 { wakeUp.signal.send() }
    run(loop) { woken > 0 }
    settle(loop)
    #expect(woken == 1)
    wakeUp.signal.send()
    run(loop) { woken == 2 }
    wakeUp.close()
    wakeUp.signal.send()
    settle(loop)
    #expect(woken == 2)
    loop.close()
  }
}
