import III
import Testing

/// Every public type, named where nothing is imported but the libraries: none needs a module of C or of our own beside
/// them. `scripts/check-api` looks whether one is missing here, and what the declarations mention.
@Suite struct PublicAPITests {
  static let types: [Any.Type] = [
    Channel.self, ChannelError.self, ChannelError.Code.self, ChannelItem.self, ChannelReader.self,
    ChannelReader.AsyncIterator.self, ChannelWriter.self, StreamChannelRef.self, StreamChannelRef.Direction.self,
    ConnectionError.self, ConnectionState.self, EngineLogRecord.self, EngineLogRecord.Level.self, EnqueueResult.self,
    FunctionFormat.self, FunctionInfo.self, FunctionRef.self, TriggerInfo.self, TriggerTypeInfo.self, WorkerEvent.self,
    WorkerInfo.self, FunctionRegistration.self, HandlerPlacement.self, HTTPInvocationConfig.self,
    HTTPInvocationConfig.Auth.self,
    HTTPInvocationConfig.Method.self, InitOptions.self, Invocation.self, InvocationError.self, JSON.self,
    JSONError.self, MessageType.self, ReconnectionConfig.self, RegisterFunctionFormat.self,
    RegisterFunctionFormat.Kind.self, RegisterTriggerInput.self, RegisterTriggerTypeInput.self, TLSConfiguration.self,
    Trigger.self, TriggerAction.self, TriggerActionEnqueue.self, TriggerActionVoid.self, TriggerConfig<JSON>.self,
    (any TriggerHandler).self, TriggerRequest<JSON>.self, TriggerTypeRef<JSON, JSON>.self, Worker.self,
    Attribute.self, AttributeValue.self, Logger.self, SpanContext.self, TelemetryOptions.self, Worker.Handler.self,
    WorkerLog.self, WorkerLog.Level.self,
  ]

  @Test func typesNeedNoFurtherImport() {
    #expect(Set(Self.types.map { ObjectIdentifier($0) }).count == Self.types.count)
  }

  @Test func entryPointHasTheDocumentedShape() {
    let connect: (String?, InitOptions) async throws -> Worker = registerWorker
    _ = connect
  }
}
