package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.SavedState;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobResolverTest {

  private static final Framework NEWEST =
      new Framework(
          "transformers",
          Optional.empty(),
          new Framework.Libraries(
              Version.of(2, 13),
              Version.of(5, 7),
              Version.of(0, 20),
              Version.of(0, 50),
              Version.of(1, 13),
              new Version(0, 18, 3),
              Version.of(0, 7)));

  @Test
  void without_a_framework_the_defaults_of_the_job_document_hold() {
    ResolvedJob job = Jobs.resolve("--sequence-length 2048").job();
    assertThat(job)
        .isEqualTo(
            ResolvedJob.builder()
                .objective(new Objective.SupervisedFineTuning())
                .weightDtype(DataType.BF16)
                .saving(
                    new Saving(
                        SavedState.ADAPTER,
                        false,
                        new SaveCode.Steps(500),
                        SaveCode.Kept.ALL,
                        true,
                        false,
                        Saving.Last.AS_SAVED))
                .method(Method.LORA)
                .adapter(
                    Optional.of(
                        AdapterSettings.of(AdapterForm.LOW_RANK)
                            .rank(16)
                            .alpha(32)
                            .targets(List.of("all-linear"))
                            .dtype(DataType.FP32)
                            .build()))
                .precision(Precision.BF16_MIXED)
                .optimizer(
                    new OptimizerSettings(
                        OptimizerName.ADAMW,
                        OptimizerImplementation.FUSED,
                        Optional.empty(),
                        false,
                        false,
                        128))
                .batch(new Batch(1, 1, 2048, Padding.PACKED))
                .attention(AttentionKernel.SDPA)
                .loss(LossKernel.FULL)
                .parallelism(Parallelism.builder().rootGroup(RootGroup.SPLIT).build())
                .framework(NEWEST)
                .frameworkCode(Frameworks.rules(Optional.empty()).code(NEWEST))
                .build());
  }

  @Test
  void a_missing_sequence_length_is_named() {
    assertThatThrownBy(() -> Jobs.resolve("--rank 8"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.sequence_length is required," + " allowed: a whole number from 1 to 100000000");
  }

  @Test
  void every_value_says_where_it_comes_from() {
    Resolution resolution =
        Jobs.resolve("--framework trl --model-dtype bf16 --rank 64 --method qlora");
    assertThat(resolution.value(JobKey.LORA_RANK))
        .contains(
            new ResolvedValue(
                JobKey.LORA_RANK,
                64,
                Provenance.SET,
                "--rank",
                Optional.of(new Place.Behind("--rank"))));
    assertThat(resolution.value(JobKey.SEQUENCE_LENGTH))
        .contains(
            new ResolvedValue(
                JobKey.SEQUENCE_LENGTH,
                1024,
                Provenance.FRAMEWORK_DEFAULT,
                "trl: trl/trainer/sft_config.py"));
    assertThat(resolution.value(JobKey.QUANTIZATION_SCHEME))
        .contains(
            new ResolvedValue(
                JobKey.QUANTIZATION_SCHEME,
                QuantizationScheme.NF4,
                Provenance.DERIVED,
                "method qlora"));
    assertThat(resolution.value(JobKey.COMPILE))
        .contains(
            new ResolvedValue(
                JobKey.COMPILE, false, Provenance.ASSUMED, "default of the job document"));
    assertThat(resolution.value(JobKey.OPTIMIZER_STATE_DTYPE).orElseThrow().isLeftOpen()).isTrue();
  }

  @Test
  void keys_about_the_run_are_listed_only_when_set() {
    String flags = "--sequence-length 512 --gpu L40S --tokens 1e9";
    assertThat(Jobs.resolve(flags).value(JobKey.GPU).orElseThrow().text()).isEqualTo("L40S");
    assertThat(Jobs.resolve(flags).value(JobKey.EPOCHS)).isEmpty();
  }

  @Test
  void trl_keeps_its_own_loss_beside_the_other_kernels_of_liger_since_1_15() {
    String liger = "--sequence-length 64 --loss liger --framework trl";
    Resolution kept = Jobs.resolve(liger + " --framework-version 1.15.0");

    assertThat(kept.job().loss()).isEqualTo(LossKernel.CHUNKED);
    assertThat(kept.value(JobKey.LOSS).orElseThrow().value()).isEqualTo(LossKernel.CHUNKED);
    assertThat(kept.warnings()).anyMatch(warning -> warning.toString().contains("gives way"));
    assertThat(Jobs.resolve(liger + " --framework-version 1.14.2").job().loss())
        .isEqualTo(LossKernel.LIGER);
    assertThat(Jobs.resolve(liger).job().loss()).isEqualTo(LossKernel.LIGER);
  }

  @Test
  void trl_computes_no_loss_over_whole_logits_since_1_15() {
    String whole = "--sequence-length 64 --loss full --framework trl";
    Resolution kept = Jobs.resolve(whole + " --framework-version 1.15.0");

    assertThat(kept.job().loss()).isEqualTo(LossKernel.CHUNKED);
    assertThat(kept.warnings()).anyMatch(warning -> warning.toString().contains("full gives way"));
    assertThat(Jobs.resolve(whole + " --framework-version 1.14.2").job().loss())
        .isEqualTo(LossKernel.FULL);
    assertThat(Jobs.resolve(whole).job().loss()).isEqualTo(LossKernel.FULL);
  }

  @Test
  void layers_to_be_trained_are_those_that_are_named_and_of_method_freeze_alone() {
    String three = "--sequence-length 512 --trainable-layers 3 --method ";

    assertThat(Jobs.resolve(three + "freeze").job().trainableLayers().count()).isEqualTo(3);
    assertThat(Jobs.resolve(three + "full").job().trainableLayers().count()).isZero();
  }

  @Test
  void freeze_says_that_it_assumes_the_last_two_layers() {
    Resolution resolution = Jobs.resolve("--sequence-length 512 --method freeze");
    assertThat(resolution.job().trainableLayers().count()).isEqualTo(2);
    assertThat(resolution.job().adapter()).isEmpty();
    assertThat(resolution.values(Provenance.ASSUMED))
        .anySatisfy(
            value -> {
              assertThat(value.key()).isEqualTo(JobKey.TRAINABLE_LAYERS);
              assertThat(value.value()).isEqualTo(2);
              assertThat(value.note()).contains("freeze_trainable_layers");
            });
  }

  @Test
  void galore_is_an_optimizer_whose_rank_may_be_set() {
    ResolvedJob plain = Jobs.resolve("--sequence-length 512 --method galore").job();
    assertThat(plain.optimizer().name()).isEqualTo(OptimizerName.GALORE);
    assertThat(plain.optimizer().galoreRank()).isEqualTo(128);
    Resolution ranked = Jobs.resolve("--sequence-length 512 --method galore --rank 32");
    assertThat(ranked.job().optimizer().galoreRank()).isEqualTo(32);
    assertThat(ranked.warnings()).isEmpty();
  }

  @Test
  void an_unknown_framework_is_taken_as_transformers_with_a_warning() {
    Resolution resolution = Jobs.resolve("--framework trlx --sequence-length 512");
    assertThat(resolution.job().framework().name()).isEqualTo("trlx");
    assertThat(resolution.job().batch().microBatch()).isEqualTo(8);
    assertThat(resolution.warnings())
        .extracting(Notice::toString)
        .containsExactly(
            "--framework: framework.name 'trlx' is not known, the defaults of transformers are"
                + " taken. Did you mean 'trl'?");
  }

  @ParameterizedTest
  @CsvSource({"unslot, unsloth", "axolotle, axolotl", "torchtun, torchtune"})
  void a_slip_of_a_known_framework_is_refused_with_its_name(String slip, String meant) {
    assertThatThrownBy(() -> Jobs.resolve("--framework " + slip))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("framework.name is '" + slip, "Did you mean '" + meant + "'?");
  }

  @Test
  void a_name_that_differs_by_more_may_be_a_framework_of_its_own() {
    Resolution resolution = Jobs.resolve("--framework OpenRLHF-M --sequence-length 512");
    assertThat(resolution.warnings())
        .extracting(Notice::toString)
        .singleElement(InstanceOfAssertFactories.STRING)
        .contains("is not known", "Did you mean 'openrlhf'?");
  }

  @ParameterizedTest
  @CsvSource({"LLaMAFactory, llama-factory", "ms_swift, ms-swift", "open_instruct, open-instruct"})
  void a_framework_may_be_spelt_without_its_hyphen(String spelt, String name) {
    String flags = "--sequence-length 512 --framework " + spelt;
    assertThat(Jobs.resolve(flags).job().framework().name()).isEqualTo(name);
  }

  @Test
  void what_trains_without_pytorch_is_not_modelled() {
    assertThatThrownBy(() -> Jobs.resolve("--framework mlx-lm"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("mlx-lm");
  }

  @Test
  void the_case_of_a_framework_name_does_not_matter() {
    Resolution resolution = Jobs.resolve("--framework TRL");
    assertThat(resolution.job().framework().name()).isEqualTo("trl");
    assertThat(resolution.warnings()).isEmpty();
  }

  @Test
  void every_known_framework_resolves_every_method() {
    for (String framework : Frameworks.names()) {
      for (Method method : Method.values()) {
        String flags = "--sequence-length 512 --count 8 --framework " + framework;
        Resolution resolution = Jobs.resolve(flags + " --method " + method.label());
        assertThat(resolution.job().method()).isEqualTo(method);
        assertThat(resolution.job().parallelism().gpus()).isEqualTo(8);
      }
      assertThat(Jobs.resolve("--sequence-length 512 --framework " + framework).warnings())
          .isEmpty();
    }
  }

  /** Columns: what is given, and checkpoints with whether they are reentrant. */
  @ParameterizedTest
  @CsvSource({
    "'', full true",
    "--checkpointing full, full true",
    "--checkpointing none, none true",
    "--checkpointing-reentrant false, none false",
    "--framework trl, full true",
  })
  void what_most_people_do_takes_checkpoints_that_engines_run_under(String flags, String takes) {
    String engine =
        " --sequence-length 512 --profile recommended --method full --quantized-training fp8"
            + " --quantized-training-implementation transformer-engine ";
    String framework = flags.contains("--framework") ? "" : "--framework transformers ";

    ResolvedJob job = Jobs.resolve(framework + flags + engine).job();

    assertThat(job.checkpointing().label() + " " + job.reentrant()).isEqualTo(takes);
  }

  @ParameterizedTest
  @CsvSource({
    "--checkpointing full",
    "--profile recommended --checkpointing full --checkpointing-reentrant false"
  })
  void checkpoints_that_are_given_and_stop_engines_are_refused(String flags) {
    String engine =
        " --sequence-length 512 --framework transformers --method full --quantized-training fp8"
            + " --quantized-training-implementation transformer-engine ";

    assertThatThrownBy(() -> Jobs.resolve(flags + engine))
        .hasMessage(
            "--quantized-training-implementation: quantized_training.implementation is"
                + " transformer-engine, whose linears run again without fp8, which reentrant"
                + " checkpoints alone take, allowed: checkpointing_reentrant true, or"
                + " checkpointing none");
  }

  @ParameterizedTest
  @CsvSource({
    "--quantized-training nvfp4, --quantized-training: quantized_training.scheme is nvfp4",
    "--quantized-training fp8 --count 2 --strategy fsdp1, whose optimizer is made behind the model",
    "--quantized-training fp8 --quantized-training-recipe blockwise,"
        + " but accelerate makes delayed scaling alone"
  })
  void what_accelerate_makes_no_engine_of_is_refused(String flags, String message) {
    String engine =
        " --sequence-length 512 --framework transformers --method full --checkpointing none"
            + " --quantized-training-implementation transformer-engine ";

    assertThatThrownBy(() -> Jobs.resolve(flags + engine)).hasMessageContaining(message);
  }

  @Test
  void ms_amp_is_refused_where_accelerate_refuses_it() {
    assertThatThrownBy(
            () ->
                Jobs.resolve(
                    "--framework transformers --sequence-length 512 --count 2 --strategy zero3"
                        + " --quantized-training fp8 --quantized-training-implementation ms-amp"))
        .hasMessageContaining(
            "quantized_training.implementation is ms-amp, but accelerate refuses it under"
                + " parallelism.strategy zero3");
  }

  @ParameterizedTest
  @CsvSource({
    "--framework megatron --quantized-training mxfp8, quantized_training.scheme is mxfp8",
    "--framework transformers --quantized-training fp8,"
        + " quantized_training.implementation is torchao",
    "--framework transformers --quantized-training fp8"
        + " --quantized-training-implementation ms-amp,"
        + " quantized_training.implementation is ms-amp",
    "--framework megatron --quantized-training none, quantized_training.scheme is none"
  })
  void a_recipe_of_another_scheme_or_code_is_ignored(String flags, String because) {
    String given = " --sequence-length 512 --method full --quantized-training-recipe delayed";

    assertThat(Jobs.resolve(flags + given).warnings().toString()).containsOnlyOnce(because);
  }
}
