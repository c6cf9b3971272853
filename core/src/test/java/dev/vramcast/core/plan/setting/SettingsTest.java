package dev.vramcast.core.plan.setting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.plan.Markets;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.time.work.TrainingData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {

  private static final Choices EVERYTHING =
      new Choices(List.of(Method.FULL, Method.LORA, Method.QLORA), OptionalInt.of(12));

  @ParameterizedTest
  @CsvSource({
    "'', 12, 1, 1x12 2x6 3x4 4x3 6x2 12x1",
    "'', 12, 8, 1x2 2x1",
    "'', 12, 72, 1x1",
    "'', , 4, 1x4 2x2 4x1",
    "--tensor 2, 12, 4, 1x6 2x3 3x2 6x1",
    "--micro-batch 4, 12, 2, 4x2",
    "--micro-batch 4, , 2, ''",
    "--grad-accum 4, 12, 1, 3x4",
    "--grad-accum 4, , 1, 4x4",
    "--micro-batch 4 --grad-accum 2, 12, 1, ''"
  })
  void a_batch_is_divided_so_that_a_step_sees_enough(
      String flags, Integer sequences, int gpus, String splits) {
    OptionalInt least = sequences == null ? OptionalInt.empty() : OptionalInt.of(sequences);

    String found = splits(flags, new Choices(List.of(), least), gpus);

    assertThat(found).isEqualTo(splits);
  }

  @ParameterizedTest
  @CsvSource({
    "--micro-batch 2 --grad-accum 4, 1, ''",
    "--micro-batch 2 --grad-accum 4, 2, 2x2",
    "--micro-batch 2 --grad-accum 4, 4, 2x1",
    "--micro-batch 2 --grad-accum 4, 8, 1x1",
    "--micro-batch 2 --grad-accum 4, 16, 1x1",
    "--micro-batch 4 --grad-accum 3, 2, 3x2",
    "--micro-batch 2 --grad-accum 4 --tensor 2, 4, 2x2"
  })
  void a_batch_without_a_number_of_gpus_is_shared_by_all(String flags, int gpus, String splits) {
    OptionalInt product =
        Stream.of(JobKey.MICRO_BATCH, JobKey.GRAD_ACCUM)
            .mapToInt(key -> Markets.job(flags).value(key, Integer.class).orElseThrow())
            .reduce((micro, accum) -> micro * accum);

    assertThat(splits(flags, Choices.NONE.keeping(product.orElseThrow()), gpus)).isEqualTo(splits);
    assertThat(splits(flags, Choices.NONE, gpus)).isEmpty();
  }

  private static String splits(String flags, Choices choices, int gpus) {
    return BatchSplit.of(Markets.job(flags), choices, gpus).stream()
        .map(split -> split.microBatch() + "x" + split.gradAccum())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    // 2 checkpointings x 2 losses x (2 optimizers of full, lora, qlora, 3 ways to offload full)
    "'', 1, 28",
    "'', 8, 76", // all but the offloaded times ddp, zero2, fsdp2, zero3
    "--strategy fsdp2, 8, 16",
    "--checkpointing full --loss full, 1, 7",
    "--framework torchtune, 8, 8",
    "--framework unsloth, 8, 10" // under DDP it checkpoints a whole fine-tune without offloading
  })
  void what_is_left_open_is_varied(String flags, int gpus, int variants) {
    JobDocument job = Markets.job(flags).with(JobKey.GPU_COUNT, gpus, Place.of("test"));

    assertThat(Variants.of(Markets.placed(Markets.llama(), gpus), job, EVERYTHING))
        .hasSize(variants)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_fused_loss_is_tried_where_the_framework_has_it_for_the_model_and_the_card() {
    JobDocument job = Markets.job("").with(JobKey.GPU_COUNT, 1, Place.of("test"));
    Placement llama = Markets.placed(Markets.llama(), 1);
    Architecture neox =
        Families.read(
            new ModelConfig(
                "config.json",
                Map.of(
                    "model_type", "gpt_neox",
                    "vocab_size", 8192,
                    "hidden_size", 512,
                    "intermediate_size", 2048,
                    "num_hidden_layers", 3,
                    "num_attention_heads", 8,
                    "max_position_embeddings", 8192)));
    Gpu apple = Cards.with(llama.gpu(), Vendor.APPLE, llama.gpu().abilities());

    assertThat(losses(llama, job)).containsExactly(LossKernel.FULL, LossKernel.LIGER);
    assertThat(losses(Markets.placed(neox, 1), job)).containsExactly(LossKernel.FULL);
    assertThat(losses(new Placement(Markets.llama(), apple, 1), job))
        .containsExactly(LossKernel.FULL);
  }

  private static List<LossKernel> losses(Placement placement, JobDocument job) {
    return Variants.of(placement, job, Choices.NONE).stream()
        .flatMap(variant -> variant.loss().stream())
        .distinct()
        .toList();
  }

  @Test
  void what_a_job_states_is_kept() {
    JobDocument job =
        Markets.job("--micro-batch 3 --checkpointing none --optimizer sgd --strategy fsdp2");

    Settings settings = of(job, EVERYTHING, 4);

    assertThat(settings.legal())
        .isNotEmpty()
        .allSatisfy(
            setting -> {
              JobDocument document =
                  setting.document(Markets.gpu("card", 1024, "8.0", 300, "none"));
              assertThat(document.with(job).toMap()).isEqualTo(document.toMap());
              assertThat(document.text(JobKey.GPU)).contains("card");
            });
  }

  @Test
  void a_batch_that_is_too_small_is_no_setting() {
    JobDocument job = Markets.job("--micro-batch 2 --grad-accum 2");

    assertThat(of(job, EVERYTHING, 2).legal()).isEmpty();
    assertThat(of(job, EVERYTHING, 4).legal()).isNotEmpty();
  }

  @Test
  void strategies_are_those_that_the_number_of_gpus_allows() {
    assertThat(strategies("", 1))
        .containsExactlyInAnyOrder(Strategy.NONE, Strategy.ZERO2, Strategy.ZERO3);
    assertThat(strategies("", 2))
        .containsExactlyInAnyOrder(Strategy.DDP, Strategy.ZERO2, Strategy.ZERO3, Strategy.FSDP2);
    assertThat(strategies("--tensor 2", 3)).isEmpty();
    assertThat(strategies("--framework torchtune", 2)).containsExactly(Strategy.FSDP2);
  }

  private static Set<Strategy> strategies(String flags, int gpus) {
    return of(Markets.job(flags), EVERYTHING, gpus).legal().stream()
        .map(setting -> setting.job().parallelism().strategy())
        .collect(Collectors.toSet());
  }

  static Stream<String> frameworks() {
    return Frameworks.names().stream();
  }

  @ParameterizedTest
  @MethodSource("frameworks")
  void a_setting_is_what_its_document_resolves_to(String framework) {
    JobDocument job = Markets.job("--framework " + framework);

    for (Setting setting : of(job, EVERYTHING, 4).legal()) {
      JobDocument document = setting.document(Markets.gpu("card", 1024, "8.0", 300, "none"));
      assertThat(JobResolver.resolve(document).job()).isEqualTo(setting.job());
    }
  }

  @Test
  void a_larger_micro_batch_never_allocates_less() {
    for (Setting setting : of(Markets.job(""), EVERYTHING, 2).legal()) {
      if (setting.index() > 0) {
        assertThat(allocated(setting.splits(), setting.index()))
            .isGreaterThanOrEqualTo(allocated(setting.splits(), setting.index() - 1));
      }
    }
  }

  private static long allocated(Splits splits, int index) {
    return MemoryEstimator.estimate(Markets.llama(), splits.job(index), Optional.empty())
        .worst()
        .allocatedBytes();
  }

  private static Settings of(JobDocument job, Choices choices, int gpus) {
    TrainingData data = TrainingData.of(JobResolver.resolve(job)).orElseThrow();
    Placement placement = Markets.placed(Markets.llama(), gpus);
    Settings settings = Settings.of(placement, job, choices, data);
    assertThat(settings.possible()).isEqualTo(Settings.count(placement, job, choices));
    assertThat(settings.legal().size()).isLessThanOrEqualTo((int) settings.possible());
    return settings;
  }
}
