package dev.genserver.daemon.binding;

import java.util.Map;

/// Why a message was refused.
///
/// @param message the sentence for people
/// @param details plain data for programs: `types`, the known types with their fields, and
///   `did_you_mean` where a name is near
public record BadMessage(String message, Map<String, Object> details) {}
