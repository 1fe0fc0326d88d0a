package dev.genserver.sdk;

import org.jspecify.annotations.Nullable;

/// What a server is told when its code changes under its running state.
///
/// @param oldVersion the version that made the state
/// @param state the state as the old code left it
/// @param extra what whoever asks for the change passes along
/// @otp the arguments of gen_server:code_change/3
public record CodeChange<S>(Object oldVersion, S state, @Nullable Object extra) {}
