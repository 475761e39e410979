/// Where the members of a trigger stand in the frame that tells of it, so that its configuration is carried on without
/// being decoded (engine protocol, sections 2.7 and 2.9). Each range is one whole JSON value; strings with their quotes.
package struct TriggerMembers: Equatable, Sendable {
  private var identifier: TextRange
  private var kind: TextRange
  private var function: TextRange
  private var configuration: TextRange
  private var sidecar: TextRange
  private var space: TextRange

  /// The members of one frame.
  init(
    id: Range<Int>, triggerType: Range<Int>?, functionID: Range<Int>? = nil, config: Range<Int>? = nil,
    metadata: Range<Int>? = nil, namespace: Range<Int>? = nil
  ) {
    identifier = TextRange(id)
    kind = TextRange(triggerType)
    function = TextRange(functionID)
    configuration = TextRange(config)
    sidecar = TextRange(metadata)
    space = TextRange(namespace)
  }

  /// The trigger's id, a JSON string.
  package var id: Range<Int> { identifier.wholeRange }
  /// The trigger type, a JSON string; may be missing when a trigger is taken back.
  package var triggerType: Range<Int>? { kind.range }
  /// The function that is bound, a JSON string; missing when a trigger is taken back.
  package var functionID: Range<Int>? { function.range }
  /// What it is configured with, any JSON value; none means null.
  package var config: Range<Int>? { configuration.range }
  /// What goes to the function with every firing, any JSON value.
  package var metadata: Range<Int>? { sidecar.range }
  /// Where the function is, a JSON string; none means the default namespace.
  package var namespace: Range<Int>? { space.range }
}
