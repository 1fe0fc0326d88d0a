package dev.genserver.sdk;

/// A supervisor of some kind, or a registry, described: what [Processes#start(TreeSpec,
/// StartOptions)] starts, and what a supervisor can have as a child.
///
/// The options that go with it give it a name and a time limit for the start of all its children;
/// it takes no arguments. A [RegistrySpec] and a [PartitionSupervisorSpec] need a name.
public sealed interface TreeSpec
    permits SupervisorSpec,
        DynamicSupervisorSpec,
        PartitionSupervisorSpec,
        TaskSupervisorSpec,
        RegistrySpec {}
