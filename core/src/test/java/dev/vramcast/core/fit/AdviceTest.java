package dev.vramcast.core.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.fit.Advice.Step;
import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.fit.Remedies.Remedy;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.life.LifeEstimator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {

  private static final List<Gpu> CARDS =
      List.of(Fits.card("huge", 65536), Fits.card("middle", 12288), Fits.card("tiny", 512));

  @ParameterizedTest
  @CsvSource({
    "--method full --micro-batch 16, 4096",
    "--method full --micro-batch 8, 2048",
    "--method full --micro-batch 8 --grad-accum 900000, 2048",
    "--method lora --micro-batch 16 --rank 128, 3072",
    "--method full --optimizer-implementation foreach --attention eager, 1200",
    "--method lora --strategy ddp --count 4 --micro-batch 8, 2048",
  })
  void changes_that_make_a_job_fit_really_do(String flags, long mebibytes) {
    FitEvaluator evaluator = Fits.evaluator(mebibytes);
    FitCheck job = evaluator.check(Fits.job(flags));
    assertThat(job.fits()).isFalse();

    Advice advice = Remedies.advise(evaluator, job, CARDS);

    Step last = advice.together().get(advice.together().size() - 1);
    assertThat(last.after().fits()).isTrue();
    FitEvaluator there = last.change().card().map(evaluator::on).orElse(evaluator);
    assertThat(there.check(last.change().document()).fits()).isTrue();
  }

  /** The framework's own would stop TransformerEngine's linears. */
  @Test
  void checkpoints_are_turned_reentrant_where_no_others_run() {
    FitEvaluator evaluator = Fits.evaluator(2048);
    String engine =
        "--framework transformers --method full --micro-batch 8 --quantized-training fp8"
            + " --quantized-training-implementation transformer-engine";

    assertThat(checkpointed(evaluator, engine)).contains("checkpointing none to full, reentrant");
    assertThat(checkpointed(evaluator, engine + " --checkpointing-reentrant false"))
        .doesNotContain("checkpointing none to full");
    assertThat(checkpointed(evaluator, "--framework transformers --method full --micro-batch 8"))
        .contains("checkpointing none to full");
  }

  private static List<String> checkpointed(FitEvaluator evaluator, String flags) {
    return Remedies.advise(evaluator, evaluator.check(Fits.job(flags)), List.of()).alone().stream()
        .map(step -> step.change().name())
        .toList();
  }

  @Test
  void a_change_that_offloads_says_what_each_machine_holds_then() {
    FitEvaluator evaluator = Fits.evaluator(1024);
    FitCheck job = evaluator.check(Fits.job("--method full --strategy zero3 --count 4 --nodes 2"));

    List<Step> moved =
        Remedies.advise(evaluator, job, List.of()).alone().stream()
            .filter(step -> step.hostBytes().isPresent())
            .toList();

    assertThat(moved).isNotEmpty();
    assertThat(moved)
        .allSatisfy(
            step ->
                assertThat(step.hostBytes().getAsLong())
                    .isEqualTo(
                        LifeEstimator.estimate(
                                Fits.llama(), step.after().resolution(), step.after().memory())
                            .hostBytes())
                    .isGreaterThan(2 * step.after().memory().worst().hostBytes()));
  }

  /** Columns: how a job is spread, and over how many GPUs of how many machines it may be. */
  @ParameterizedTest
  @CsvSource({
    "--strategy zero3 --count 2, 4 of 1 8 of 1",
    "--strategy fsdp1 --count 4, 8 of 1",
    "--strategy fsdp2 --count 8, 16 of 2 32 of 4 64 of 8",
    "--strategy zero2 --count 16 --nodes 2, 32 of 4 64 of 8",
    "--strategy fsdp2 --count 6, ''",
  })
  void a_model_that_is_divided_may_be_divided_among_more(String flags, String more) {
    FitCheck job = Fits.evaluator(1024).check(Fits.job("--method full " + flags));

    assertThat(
            new CardRemedies(CARDS)
                .moreCards(job).stream()
                    .map(change -> JobResolver.resolve(change.document()).job().parallelism())
                    .map(spread -> spread.gpus() + " of " + spread.nodes())
                    .collect(Collectors.joining(" ")))
        .isEqualTo(more);
  }

  /** So that it is proposed before weights in host memory, for which every step waits. */
  @Test
  void experts_in_the_bits_that_were_asked_for_cost_no_precision() {
    FitEvaluator evaluator = FitEvaluator.of(Fits.mixture(), CARDS.get(2), 0, Fits.ranges());

    assertThat(
            TrainingRemedies.quantisedExperts(
                evaluator, evaluator.check(Fits.job("--framework trl --method qlora"))))
        .extracting(Change::drawback)
        .containsExactly(Drawback.TIME);
    assertThat(
            TrainingRemedies.quantisedExperts(
                evaluator, evaluator.check(Fits.job("--framework trl --method lora"))))
        .extracting(Change::drawback)
        .containsExactly(Drawback.PRECISION);
  }

  /** Columns: who trains a mixture whose experts are one parameter, and what is proposed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--framework trl --method lora | lora to qlora, under unsloth, which quantises experts",
        "--framework trl --method qlora | under unsloth, which quantises experts",
        "--framework axolotl --method lora --targets q_proj"
            + " | lora to qlora, experts quantised too",
        "--framework unsloth --method lora | ''",
      })
  void experts_are_quantised_by_a_framework_that_can(String flags, String expected) {
    FitEvaluator evaluator = FitEvaluator.of(Fits.mixture(), CARDS.get(2), 0, Fits.ranges());
    FitCheck job = evaluator.check(Fits.job("--checkpointing full " + flags));

    assertThat(TrainingRemedies.quantisedExperts(evaluator, job))
        .extracting(Change::name)
        .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected));
  }

  /** Columns: what is trained, and the change that is asked for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method lora --model-dtype fp32 | weights loaded in bf16",
        "--method full | weights trained in bf16",
        "--stage dpo --method full | reference copy to precomputed",
        "--stage grpo --method lora --engine vllm-colocate --group-size 4 --micro-batch 4"
            + " --max-model-length 1024 | the engine sleeps while the policy trains",
        "--stage grpo --method lora --engine vllm-colocate --group-size 4 --micro-batch 4"
            + " --max-model-length 1024 | the engine's share 0.3 to 0.25",
        "--stage grpo --method lora --group-size 4 --micro-batch 4 --grad-accum 4"
            + " | micro-batches that are generated at once, 4 to 2",
        "--stage grpo --method lora --group-size 4 --micro-batch 4 --prompt-length 512"
            + " --completion-length 1024 --sequence-length 1536 | completion length 1024 to 512",
      })
  void a_stage_that_compares_or_generates_has_changes_of_its_own(String flags, String expected) {
    FitEvaluator evaluator = Fits.evaluator(4096);
    FitCheck job = evaluator.check(Fits.job("--framework trl --gpu small " + flags));

    assertThat(
            all(evaluator).stream()
                .flatMap(remedy -> remedy.of(job).stream())
                .filter(change -> evaluator.tryCheck(change.document()).isPresent())
                .map(Change::name))
        .contains(expected);
  }

  /** Columns: the framework, what shards whole copies, and what more cards run under. */
  @ParameterizedTest
  @CsvSource({
    "trl, ddp to fsdp2, 1 to 2 GPUs under fsdp2",
    "deepspeed, ddp to zero3, 1 to 2 GPUs under zero3",
    "verl, ddp to fsdp1, 1 to 2 GPUs under fsdp1",
    "torchtune, ddp to fsdp2, 1 to 2 GPUs under fsdp2",
    "unsloth, ,",
  })
  void a_model_is_divided_as_the_framework_divides_it(String name, String copies, String one) {
    FitEvaluator evaluator = Fits.evaluator(1024);
    String job = "--method lora --micro-batch 4 --framework " + name;

    assertThat(StepRemedies.sharding(evaluator.check(Fits.job(job + " --count 2 --strategy ddp"))))
        .extracting(Change::name)
        .isEqualTo(copies == null ? List.of() : List.of(copies));
    assertThat(new CardRemedies(CARDS).moreCards(evaluator.check(Fits.job(job))))
        .extracting(Change::name)
        .hasSize(one == null ? 0 : 3)
        .allMatch(change -> change.endsWith(one.substring(one.indexOf("under"))));
  }

  @ParameterizedTest
  @CsvSource({
    "trl, loss full to liger",
    "nemo-automodel, loss full to cce",
    "torchtune, loss full to chunked",
    "megatron,",
    "torchtitan,",
    "verl-sft,",
  })
  void a_loss_is_advised_only_where_the_framework_has_it(String framework, String change) {
    FitCheck job =
        Fits.evaluator(1024).check(Fits.job("--method full --loss full --framework " + framework));

    assertThat(KernelRemedies.loss(job))
        .extracting(Change::name)
        .isEqualTo(change == null ? List.of() : List.of(change));
  }

  @ParameterizedTest
  @CsvSource({
    "--method full --micro-batch 16, 4096",
    "--method lora --micro-batch 16 --rank 128, 3072",
    "--method lora --rank 256, 200",
    "--method qlora --micro-batch 4, 300",
  })
  void what_is_not_replayed_would_change_nothing(String flags, long mebibytes) {
    FitEvaluator evaluator = Fits.evaluator(mebibytes);
    FitCheck job = evaluator.check(Fits.job(flags));
    List<Remedy> remedies = all(evaluator);

    List<Step> alone = advice(evaluator, job, remedies).alone();

    assertThat(alone.stream().map(step -> step.change().name()))
        .containsExactlyElementsOf(
            remedies.stream().flatMap(it -> byReplays(evaluator, job, it).stream()).toList());
  }

  /** All remedies, those that rent something else last. */
  private static List<Remedy> all(FitEvaluator evaluator) {
    return Stream.concat(Remedies.remedies(evaluator).stream(), Remedies.rented(CARDS).stream())
        .toList();
  }

  private static Advice advice(FitEvaluator evaluator, FitCheck job, List<Remedy> remedies) {
    return Advice.of(evaluator, job, remedies, List.of(), check -> OptionalDouble.empty());
  }

  /** The change that a remedy is told by, where each is replayed. */
  private static Optional<String> byReplays(FitEvaluator evaluator, FitCheck job, Remedy remedy) {
    Optional<String> best = Optional.empty();
    long least = job.deviceBytes() - (long) Math.ceil(0.005 * job.deviceBytes()) + 1;
    for (Change change : remedy.of(job)) {
      FitEvaluator there = change.card().map(evaluator::on).orElse(evaluator);
      Optional<FitCheck> after = there.tryCheck(change.document());
      if (after.isEmpty()) {
        continue;
      }
      boolean saves = 0.005 * job.deviceBytes() <= job.deviceBytes() - after.get().deviceBytes();
      if (after.get().fits() && (saves || change.card().isPresent())) {
        return Optional.of(change.name());
      }
      if (change.card().isEmpty() && after.get().deviceBytes() < least) {
        least = after.get().deviceBytes();
        best = Optional.of(change.name());
      }
    }
    return best;
  }

  @Test
  void of_changes_after_which_a_job_is_too_large_for_certain_few_are_replayed() {
    FitEvaluator evaluator = Fits.evaluator(100);
    FitCheck job = evaluator.check(Fits.job("--method lora --rank 1024"));

    advice(evaluator, job, List.of(TrainingRemedies::rank));

    List<Integer> replays =
        TrainingRemedies.rank(job).stream()
            .map(change -> evaluator.prospect(change.document()).orElseThrow())
            .map(prospect -> prospect.memory().worst().replay().replays())
            .toList();
    assertThat(replays.subList(0, 3)).containsOnly(0);
    assertThat(replays.get(4)).isPositive();
  }

  @Test
  void every_change_saves_what_it_says() {
    FitEvaluator evaluator = Fits.evaluator(2048);
    FitCheck job = evaluator.check(Fits.job("--method full --micro-batch 8"));

    Advice advice = Remedies.advise(evaluator, job, List.of());

    assertThat(advice.alone())
        .isNotEmpty()
        .allSatisfy(
            step -> {
              assertThat(step.savedBytes()).isPositive();
              assertThat(step.after().deviceBytes())
                  .isEqualTo(job.deviceBytes() - step.savedBytes());
            });
  }

  @Test
  void the_least_harmful_comes_first() {
    FitEvaluator evaluator = Fits.evaluator(2048);
    FitCheck job = evaluator.check(Fits.job("--method full --micro-batch 8"));

    List<Drawback> drawbacks =
        Remedies.advise(evaluator, job, CARDS).alone().stream()
            .map(step -> step.change().drawback())
            .toList();

    assertThat(drawbacks).isSorted();
  }

  @Test
  void a_step_sees_as_many_sequences_as_before() {
    FitEvaluator evaluator = Fits.evaluator(2048);
    FitCheck job = evaluator.check(Fits.job("--method lora --micro-batch 8 --grad-accum 2"));

    List<Change> changes = StepRemedies.microBatch(job);

    assertThat(changes)
        .extracting(Change::name)
        .containsExactly(
            "micro-batch 8 to 4, accumulation 2 to 4",
            "micro-batch 8 to 2, accumulation 2 to 8",
            "micro-batch 8 to 1, accumulation 2 to 16");
  }

  @Test
  void nothing_is_done_that_is_not_needed() {
    FitCheck job = Fits.evaluator(65536).check(Fits.job("--method full --micro-batch 8"));
    long enough = (long) (job.deviceBytes() * 1.2 * 0.95) >> 20;
    FitEvaluator evaluator = Fits.evaluator(enough);

    Advice advice = Remedies.advise(evaluator, evaluator.check(job.document()), CARDS);

    assertThat(advice.together()).hasSize(1);
    assertThat(advice.together().get(0).change().drawback()).isEqualTo(Drawback.NONE);
  }

  @Test
  void only_cards_that_run_the_same_code_are_named() {
    Gpu other = withVendor(Fits.card("other", 65536), Vendor.AMD);
    FitEvaluator evaluator = Fits.evaluator(1024);
    FitCheck job = evaluator.check(Fits.job("--method full"));

    assertThat(new CardRemedies(List.of(other)).largerCard(job)).isEmpty();
    assertThat(new CardRemedies(CARDS).largerCard(job))
        .extracting(Change::name)
        .containsExactly("on middle", "on huge");
  }

  @Test
  void a_card_of_a_data_centre_runs_other_code_where_its_maker_has_no_cuda() {
    Gpu accelerator = withVendor(Fits.card("accelerator", 98304), Vendor.INTEL);
    Gpu small = Cards.with(withVendor(Fits.card("small", 1024), Vendor.INTEL), GpuClass.CONSUMER);
    Gpu large = Cards.with(withVendor(Fits.card("large", 24576), Vendor.INTEL), GpuClass.CONSUMER);
    FitEvaluator evaluator = Fits.evaluator(1024).on(small);
    FitCheck job = evaluator.check(Fits.job("--method full"));

    assertThat(new CardRemedies(List.of(accelerator, large)).largerCard(job))
        .extracting(Change::name)
        .containsExactly("on large");
  }

  @Test
  void a_method_keeps_its_own_keys() {
    JobDocument asked = Fits.job("--method lora --rank 64 --kbit-prepare false");
    Change change = TrainingRemedies.quantisedBase(Fits.evaluator(1024).check(asked)).get(0);

    assertThat(Fits.evaluator(1024).check(change.document()).resolution().job().adapter())
        .hasValueSatisfying(
            adapter -> {
              assertThat(adapter.rank()).isEqualTo(64);
              assertThat(adapter.kbitPrepare()).isFalse();
            });
  }

  private static Gpu withVendor(Gpu gpu, Vendor vendor) {
    return Cards.with(gpu, vendor, gpu.abilities());
  }
}
