package dev.genserver.runtime;

/// Marks the servers that look after other processes.
interface Supervising {}
