package dev.genserver.examples.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.genserver.examples.jobs.Jobs.Call;
import dev.genserver.examples.jobs.Jobs.Counts;
import dev.genserver.examples.jobs.Jobs.Reply;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.TaskSupervisorSpec;
import dev.genserver.testkit.TestNode;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole tree, in a time that the tests move.
@Timeout(60)
class JobsTest {

  private static final ServerRef JOBS = ServerRef.named("jobs");
  private static final Duration SECOND = Duration.ofSeconds(1);

  @AutoClose private final TestNode node = TestNode.create();

  @Test
  void jobRunsAndItsResultIsThereForAWhile() {
    node.start(new JobsPlugin());
    var id = submit(new Job.Sleep(1_000));
    assertThat(status(id)).isEqualTo(new JobStatus.Running(1));
    var awaited = await(id);

    node.advance(SECOND);
    assertThat(awaited).isCompletedWithValue(new JobStatus.Done("slept 1000 ms", 1));
    node.advance(Duration.ofMinutes(10).minusMillis(1));
    assertThat(status(id)).isEqualTo(new JobStatus.Done("slept 1000 ms", 1));
    assertThat(await(id)).isCompletedWithValue(new JobStatus.Done("slept 1000 ms", 1));
    node.advance(Duration.ofMillis(1));
    assertThat(status(id)).isEqualTo(new JobStatus.Unknown());
  }

  @Test
  void onlySoManyRunAtOnceAndTheOthersFollowInTheirOrder() {
    start(Args.of("concurrency", 2));
    var ids = IntStream.range(0, 5).mapToObj(_ -> submit(new Job.Sleep(1_000))).toList();

    assertThat(counts()).isEqualTo(new Counts(3, 2, 0, 0));
    node.advance(SECOND);
    assertThat(counts()).isEqualTo(new Counts(1, 2, 0, 2));
    assertThat(ids.subList(2, 4))
        .allSatisfy(id -> assertThat(status(id)).isEqualTo(new JobStatus.Running(1)));
    assertThat(status(ids.get(4))).isEqualTo(new JobStatus.Queued());
    node.advance(SECOND.multipliedBy(2));
    assertThat(counts()).isEqualTo(new Counts(0, 0, 0, 5));
  }

  @Test
  void jobThatFailsIsTriedAgainAfterPausesThatDouble() {
    node.start(new JobsPlugin());
    var id = submit(new Job.Flaky(3));
    assertThat(status(id)).isEqualTo(new JobStatus.Pausing("attempt 1 of a flaky job", 1));

    node.advance(Duration.ofMillis(200));
    assertThat(status(id)).isEqualTo(new JobStatus.Pausing("attempt 2 of a flaky job", 2));
    node.advance(Duration.ofMillis(399));
    assertThat(status(id)).isEqualTo(new JobStatus.Pausing("attempt 2 of a flaky job", 2));
    node.advance(Duration.ofMillis(1));
    assertThat(status(id)).isEqualTo(new JobStatus.Pausing("attempt 3 of a flaky job", 3));
    node.advance(Duration.ofMillis(800));
    assertThat(status(id)).isEqualTo(new JobStatus.Done("done at attempt 4", 4));
  }

  @Test
  void jobThatAlwaysFailsIsGivenUp() {
    start(Args.of("attempts", 2));
    var id = submit(new Job.Fail("no luck"));
    var awaited = await(id);

    node.advance(SECOND);
    assertThat(awaited).isCompletedWithValue(new JobStatus.Failed("no luck", 2));
  }

  @Test
  void pausingJobLeavesItsPlaceToOthers() {
    start(Args.of("concurrency", 1));
    submit(new Job.Fail("no luck"));
    var other = submit(new Job.Sleep(0));

    assertThat(status(other)).isEqualTo(new JobStatus.Done("slept 0 ms", 1));
    assertThat(counts()).isEqualTo(new Counts(0, 0, 1, 1));
  }

  @Test
  void jobIsCancelledWhateverItDoes() {
    start(Args.of("concurrency", 1));
    var pausing = submit(new Job.Fail("no luck"));
    var running = submit(new Job.Sleep(60_000));
    var queued = submit(new Job.Sleep(60_000));
    var awaited = await(running);

    assertThat(cancel(queued)).isEqualTo(new JobStatus.Cancelled());
    assertThat(cancel(running)).isEqualTo(new JobStatus.Cancelled());
    assertThat(cancel(pausing)).isEqualTo(new JobStatus.Cancelled());
    assertThat(cancel("1-99")).isEqualTo(new JobStatus.Unknown());
    assertThat(awaited).isCompletedWithValue(new JobStatus.Cancelled());
    assertThat(node.node().taskSupervisor(ServerRef.named("job-tasks")).children()).isEmpty();

    node.advance(SECOND);
    assertThat(counts()).isEqualTo(new Counts(0, 0, 0, 3));
    assertThat(cancel(running)).isEqualTo(new JobStatus.Cancelled());
  }

  @Test
  void jobThatComputesIsInterruptedWhenItIsCancelled() {
    node.start(new JobsPlugin());
    var id = node.node().call(JOBS, new Call.Submit(new Job.Hash("x", 100_000_000)), Reply.class);

    var submitted = (Reply.Submitted) id;
    assertThat(cancel(submitted.id())).isEqualTo(new JobStatus.Cancelled());
  }

  @Test
  void hashOfNoRoundsIsTheTextAndOfOneRoundItsSha256() {
    node.start(new JobsPlugin());
    assertThat(status(submit(new Job.Hash("abc", 0)))).isEqualTo(new JobStatus.Done("616263", 1));
    assertThat(status(submit(new Job.Hash("abc", 1))))
        .isEqualTo(
            new JobStatus.Done(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 1));
  }

  @Test
  void taskThatIsKilledIsAFailureLikeOthers() {
    node.start(new JobsPlugin());
    var id = submit(new Job.Sleep(1_000));
    var task = node.node().taskSupervisor(ServerRef.named("job-tasks")).children().getFirst();

    node.exit(task, ExitReason.KILL);
    assertThat(status(id)).isEqualTo(new JobStatus.Pausing("killed", 1));
    node.advance(Duration.ofMillis(1_200));
    assertThat(status(id)).isEqualTo(new JobStatus.Done("slept 1000 ms", 2));
  }

  @Test
  void queueThatIsKilledTakesItsTasksAlongAndKnowsNothingAfterwards() {
    node.start(new JobsPlugin());
    var id = submit(new Job.Sleep(60_000));
    var awaited = await(id);
    var queue = node.awaitName(JOBS);

    node.exit(queue, ExitReason.KILL);
    node.awaitRestart(JOBS, queue);
    assertThat(awaited.exceptionNow()).isInstanceOf(CallException.class);
    assertThat(node.node().taskSupervisor(ServerRef.named("job-tasks")).children()).isEmpty();
    assertThat(status(id)).isEqualTo(new JobStatus.Unknown());
    assertThat(submit(new Job.Sleep(0))).isNotEqualTo(id);
  }

  @Test
  void whatClientsCanMakeGrowIsBounded() {
    start(Args.of("max-unfinished", 1).with("max-finished", 1).with("max-waiting", 1));
    var first = submit(new Job.Sleep(1_000));
    assertThat(call(new Call.Submit(new Job.Sleep(0))))
        .isEqualTo(new Reply.Refused("too many jobs: max-unfinished is 1"));
    await(first);
    assertThat(call(new Call.Await(first)))
        .isEqualTo(new Reply.Refused("too many wait for this job: max-waiting is 1"));

    node.advance(SECOND);
    var second = submit(new Job.Sleep(0));
    assertThat(status(first)).isEqualTo(new JobStatus.Unknown());
    assertThat(status(second)).isEqualTo(new JobStatus.Done("slept 0 ms", 1));
  }

  @Test
  void waitersThatLeftMakeRoomForOthers() {
    start(Args.of("max-waiting", 1));
    var id = submit(new Job.Sleep(60_000));
    node.callAsync(JOBS, new Call.Await(id), JobStatus.class, SECOND);
    node.advance(SECOND);

    assertThat(await(id)).isNotDone();
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Job.Sleep(-1))
        .withMessage("ms -1 must be from 0 to 3,600,000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.of(Args.of("concurrency", 0)))
        .withMessageContaining("argument 'concurrency' must be from 1");
  }

  @Test
  void statusShowsNumbersOnly() {
    node.start(new JobsPlugin());
    submit(new Job.Sleep(1_000));

    assertThat(node.node().sys().status(JOBS).state()).isEqualTo(new Counts(0, 1, 0, 0));
  }

  @Test
  void serviceFileLeadsToThePlugin() {
    var plugin = ServiceLoader.load(Plugin.class).findFirst().orElseThrow();

    assertThat(plugin.behaviours()).extracting(Behaviour::name).containsExactly("jobs");
    assertThat(plugin.children()).extracting(ChildSpec::id).containsExactly("jobs-and-tasks");
  }

  /// With other arguments than the plugin has.
  private void start(Args args) {
    node.start(TaskSupervisorSpec.create(), StartOptions.named("job-tasks"));
    node.start(new Jobs(), StartOptions.named("jobs").args(args));
  }

  private String submit(Job job) {
    return ((Reply.Submitted) call(new Call.Submit(job))).id();
  }

  private JobStatus status(String id) {
    return (JobStatus) call(new Call.Status(id));
  }

  private JobStatus cancel(String id) {
    return (JobStatus) call(new Call.Cancel(id));
  }

  private Reply call(Call request) {
    return node.call(JOBS, request, Reply.class);
  }

  private CompletableFuture<JobStatus> await(String id) {
    return node.callAsync(JOBS, new Call.Await(id), JobStatus.class);
  }

  private Counts counts() {
    return node.call(JOBS, new Call.Count(), Counts.class);
  }
}
