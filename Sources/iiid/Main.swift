/// Where the process starts. A type rather than top-level code, whose variables would be global.
@main
enum Main {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    ThisProcess.exit(Program.run(arguments: arguments, environment: ThisProcess.environment))
  }
}
