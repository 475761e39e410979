/// Where the process starts. A type rather than top-level code, whose variables would be global.
@main
enum Main {
  static func main() {
    ThisProcess.fillStandardStreams()
    do throws(UsageError) {
      ThisProcess.exit(Program.run(arguments: try ThisProcess.arguments(), environment: ThisProcess.environment))
    } catch {
      ThisProcess.complain(error.description)
      ThisProcess.exit(.usage)
    }
  }
}
