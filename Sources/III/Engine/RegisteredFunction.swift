/// One registered function: what goes out for it, and what is known about it.
struct RegisteredFunction: Equatable {
  /// The further members of its frame, without braces.
  var definition: [UInt8]
  /// What is known about it on the present connection.
  var state: RegistrationState
}
