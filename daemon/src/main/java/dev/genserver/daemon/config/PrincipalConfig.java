package dev.genserver.daemon.config;

import dev.genserver.daemon.access.PrincipalSpec;

/// A principal of the file.
///
/// @param origin where it stands
public record PrincipalConfig(PrincipalSpec spec, String origin) {}
