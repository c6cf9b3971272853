package dev.vramcast.formats.training.launch;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchReadersTest {

  @Test
  void accelerates_file_is_read_alone() {
    Reading reading = ofSample("launch/fsdp2.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.ACCELERATE);
    assertThat(values(reading))
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("parallelism.reshard_after_forward", true)
        .containsEntry("hardware.count", 8)
        .containsEntry("precision", "bf16-mixed");
    assertThat(reading.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2, true", "1, false"})
  void checkpoints_that_accelerate_places_under_fsdp2_are_told_from_the_model_s(
      int version, boolean placed) {
    Reading reading =
        of(
            "accelerate.yaml",
            """
            distributed_type: FSDP
            num_processes: 8
            fsdp_config:
              fsdp_version: %d
              fsdp_auto_wrap_policy: TRANSFORMER_BASED_WRAP
              fsdp_activation_checkpointing: true
            """
                .formatted(version));

    assertThat(value(reading, JobKey.FSDP_CHECKPOINTING)).isEqualTo(placed ? true : null);
  }

  @ParameterizedTest
  @CsvSource({
    "'distributed_type: FSDP', fsdp1, ",
    "'distributed_type: FSDP~fsdp_config: {fsdp_sharding_strategy: 2}', fsdp1, false",
    "'distributed_type: FSDP~fsdp_config: {fsdp_sharding_strategy: NO_SHARD}', ddp,",
    "'distributed_type: DEEPSPEED', zero2,",
    "'distributed_type: DEEPSPEED~deepspeed_config: {zero_stage: 1}', zero1,",
    "'distributed_type: DEEPSPEED~deepspeed_config: {deepspeed_config_file: ds_z3.json}', zero3,",
    "'distributed_type: MULTI_GPU',,",
    "'distributed_type: \"NO\"',,",
  })
  void strategies_of_accelerate_are_read(String text, String strategy, Boolean reshard) {
    Reading reading = of("a.yaml", text.replace('~', '\n'));

    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo(strategy);
    assertThat(value(reading, JobKey.RESHARD_AFTER_FORWARD)).isEqualTo(reshard);
  }

  @ParameterizedTest
  @CsvSource({
    "'FSDP~fsdp_config: {fsdp_cpu_ram_efficient_loading: true}', true",
    "'FSDP~fsdp_config: {fsdp_cpu_ram_efficient_loading: false}', false",
    "'FSDP~fsdp_config: {fsdp_version: 2}',",
  })
  void who_loads_a_model_that_is_divided_is_read(String text, Boolean first) {
    Reading reading = of("a.yaml", "distributed_type: " + text.replace('~', '\n'));

    assertThat(value(reading, JobKey.FIRST_RANK_LOADS)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TRANSFORMER_BASED_WRAP | GemmaDecoderLayer,SiglipEncoderLayer |"
            + " GemmaDecoderLayer SiglipEncoderLayer",
        "TRANSFORMER_BASED_WRAP | [GemmaDecoderLayer] | GemmaDecoderLayer",
        "TRANSFORMER_BASED_WRAP | null | auto",
        "SIZE_BASED_WRAP | GemmaDecoderLayer |",
      })
  void classes_of_layers_are_read_where_layers_are_wrapped_by_class(
      String policy, String names, String classes) {
    String text =
        "distributed_type: FSDP\nfsdp_config:\n  fsdp_auto_wrap_policy: %s\n"
            + "  fsdp_transformer_layer_cls_to_wrap: %s";

    assertThat(value(of("a.yaml", text.formatted(policy, names)), JobKey.LAYER_CLASSES))
        .isEqualTo(classes == null ? null : List.of(classes.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "'zero_stage: 3, zero3_init_flag: false', false",
    "'zero_stage: 3, zero3_init_flag: true', true",
    "'zero_stage: 3',",
    "'zero_stage: 2, zero3_init_flag: false',",
    "'deepspeed_config_file: ds_z3.json, zero3_init_flag: false', false",
  })
  void whether_a_model_is_made_divided_is_read(String section, Boolean divided) {
    Reading reading =
        of("a.yaml", "distributed_type: DEEPSPEED\ndeepspeed_config: {%s}".formatted(section));

    assertThat(value(reading, JobKey.ZERO_INIT)).isEqualTo(divided);
  }

  @ParameterizedTest
  @CsvSource({"3, true", "2, false"})
  void classes_that_are_gathered_as_one_are_said_not_to_be_counted(int stage, boolean said) {
    String text =
        "distributed_type: DEEPSPEED\ndeepspeed_config:\n  zero_stage: %d\n"
            + "  deepspeed_moe_layer_cls_names: MixtralSparseMoeBlock";

    List<String> keys = keys(of("a.yaml", text.formatted(stage)), FindingCode.NOT_COUNTED);

    assertThat(keys.contains("deepspeed_config.deepspeed_moe_layer_cls_names")).isEqualTo(said);
  }

  @ParameterizedTest
  @CsvSource({"1, default", "0,"})
  void sizes_are_deepspeeds_own_where_accelerate_writes_its_configuration(int stage, String sizes) {
    String text = "distributed_type: DEEPSPEED\ndeepspeed_config: {zero_stage: " + stage + "}";

    assertThat(value(of("a.yaml", text), JobKey.ZERO_SIZES)).isEqualTo(sizes);
  }

  @Test
  void a_batch_that_differs_from_the_trainers_is_a_contradiction() {
    Reading reading = ofSample("trl/sft.yaml", "launch/ds_z2.json");

    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo("zero2");
    assertThat(value(reading, JobKey.MICRO_BATCH)).isEqualTo(1);
    assertThat(keys(reading, FindingCode.CONTRADICTION))
        .containsExactly("train_micro_batch_size_per_gpu");
  }

  private static Reading launched(String options, String arguments) {
    String program = "accelerate launch " + options + " run_clm.py --model_name_or_path a/b ";
    return of("run.sh", program + "--max_seq_length 512 " + arguments + "\n");
  }

  /** The Trainer's own bf16 or fp16 stands over what accelerate is told. */
  @ParameterizedTest
  @CsvSource({
    "--mixed_precision fp8 --fp8_backend te, --max_steps 9, fp8, transformer-engine",
    "--mixed_precision fp8 --fp8_backend msamp, --max_steps 9, fp8, ms-amp",
    "--mixed_precision fp8, --max_steps 9, fp8,",
    "--mixed_precision fp8, --bf16 True,,",
    "--mixed_precision fp8, --fp16 True,,",
    "--mixed_precision bf16, --max_steps 9,,",
  })
  void who_computes_in_fp8_is_read_of_the_launcher(
      String options, String arguments, String scheme, String by) {
    Reading reading = launched(options, arguments);

    assertThat(value(reading, JobKey.TRAINING_SCHEME)).isEqualTo(scheme);
    assertThat(value(reading, JobKey.TRAINING_IMPLEMENTATION)).isEqualTo(by);
    boolean stands = scheme == null && options.contains("fp8");
    assertThat(keys(reading, FindingCode.IGNORED_KEY).contains("mixed_precision"))
        .isEqualTo(stands);
  }

  @ParameterizedTest
  @CsvSource({
    "--mixed_precision fp9, PRECISION, fp8",
    "--mixed_precision fp8 --fp8_backend ta, PRECISION, te",
  })
  void words_that_accelerate_does_not_know_are_refused(String options, JobKey key, String near) {
    assertThat(launched(options, "--max_steps 9").unreadable().get(key).toString()).contains(near);
  }

  /** trl/trainer/base_config.py turns bf16 on since 0.19. */
  @ParameterizedTest
  @CsvSource({"0.18.1, fp8, false", "0.19.0,, true"})
  void an_older_trl_leaves_the_precision_to_the_launcher(
      String version, String scheme, boolean ignored) {
    String command =
        "accelerate launch --mixed_precision fp8 trl/scripts/sft.py --model_name_or_path a/b"
            + " --use_peft\n";
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(command, "run.sh")
                    .with(JobDocument.empty().withFlag(JobKey.FRAMEWORK_VERSION, version))),
            Optional.empty(),
            path -> Optional.empty());

    assertThat(value(reading, JobKey.TRAINING_SCHEME)).isEqualTo(scheme);
    assertThat(keys(reading, FindingCode.IGNORED_KEY).contains("mixed_precision"))
        .isEqualTo(ignored);
  }

  @ParameterizedTest
  @CsvSource({
    "--mixed_precision fp16, --max_steps 9, fp16-mixed, false",
    "--mixed_precision bf16, --max_steps 9, bf16-mixed, false",
    "--mixed_precision fp16, --bf16 True, bf16-mixed, true",
    "--mixed_precision no, --bf16 True, bf16-mixed, false",
  })
  void a_trainer_without_a_precision_has_that_of_its_launcher(
      String options, String arguments, String precision, boolean stands) {
    Reading reading = launched(options, arguments);

    assertThat(value(reading, JobKey.PRECISION)).hasToString(precision);
    assertThat(keys(reading, FindingCode.IGNORED_KEY).contains("mixed_precision"))
        .isEqualTo(stands);
  }

  @Test
  void fp16_of_accelerates_file_does_nothing_where_trls_default_is_bf16() {
    String file = "distributed_type: 'NO'\nmixed_precision: fp16\n";
    String trl = "model_name_or_path: a/b\ndataset_name: x\nmax_length: 512\n";

    assertThat(keys(beside(trl, file), FindingCode.IGNORED_KEY)).containsExactly("mixed_precision");
    assertThat(value(beside(trl + "bf16: false\n", file), JobKey.PRECISION))
        .hasToString("fp16-mixed");
  }

  private static Reading beside(String trl, String accelerate) {
    List<TrainingFile> texts =
        List.of(TrainingText.of(trl, "sft.yaml"), TrainingText.of(accelerate, "a.yaml"));
    return TrainingFiles.read(texts, Optional.empty(), path -> Optional.empty());
  }

  @Test
  void fp8_of_accelerates_file_does_nothing_where_trls_default_is_bf16() {
    String file = "distributed_type: 'NO'\nmixed_precision: fp8\n";
    String trl = "model_name_or_path: a/b\ndataset_name: x\nmax_length: 512\n";

    Reading byDefault = beside(trl, file);
    Reading off = beside(trl + "bf16: false\n", file);

    assertThat(value(byDefault, JobKey.TRAINING_SCHEME)).isNull();
    assertThat(keys(byDefault, FindingCode.IGNORED_KEY)).containsExactly("mixed_precision");
    assertThat(value(off, JobKey.TRAINING_SCHEME)).isEqualTo("fp8");
  }

  /** accelerate/utils/dataclasses.py TERecipeKwargs. */
  @ParameterizedTest
  @CsvSource({"te, true, mxfp8", "te, false, fp8", "ao, true, fp8"})
  void blocks_of_accelerates_file_are_transformer_engines(
      String backend, boolean blocks, String scheme) {
    String trl = "model_name_or_path: a/b\ndataset_name: x\nmax_length: 512\nbf16: false\n";
    String file =
        "distributed_type: 'NO'\nmixed_precision: fp8\nfp8_config:\n  backend: "
            + backend
            + "\n  use_mxfp8_block_scaling: "
            + blocks
            + "\n";

    assertThat(value(beside(trl, file), JobKey.TRAINING_SCHEME)).isEqualTo(scheme);
  }

  @Test
  void a_file_of_deepspeeds_beside_fsdp_is_said_to_do_nothing() {
    Reading both = ofSample("trl/sft.yaml", "launch/fsdp2.yaml", "launch/ds_z2.json");

    assertThat(value(both, JobKey.STRATEGY)).isEqualTo("fsdp2");
    assertThat(keys(both, FindingCode.IGNORED_KEY)).contains("zero_optimization");
    assertThat(keys(ofSample("trl/sft.yaml", "launch/ds_z2.json"), FindingCode.IGNORED_KEY))
        .doesNotContain("zero_optimization");
  }

  @Test
  void accelerates_file_of_a_command_is_read_for_axolotl_too() {
    String command = "accelerate launch --config_file a.yaml -m axolotl.cli.train job.yml";
    String job =
        "base_model: a/b\nadapter: lora\nmicro_batch_size: 1\nsequence_len: 512\nbf16: auto\n";
    String file =
        "distributed_type: FSDP\nfsdp_config: {fsdp_version: 2}\nnum_processes: 4\n"
            + "mixed_precision: fp16\n";

    Reading reading =
        TrainingFiles.read(
            List.of(TrainingText.of(command, "run.sh")),
            Optional.empty(),
            path ->
                Optional.of(path.equals("a.yaml") ? file : job)
                    .map(text -> TrainingText.of(text, path)));

    assertThat(values(reading))
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("hardware.count", 4)
        .doesNotContainKey("precision");
    assertThat(keys(reading, FindingCode.UNREADABLE_VALUE)).isEmpty();
    assertThat(keys(reading, FindingCode.IGNORED_KEY)).containsExactly("mixed_precision");
  }

  @Test
  void deepspeeds_json_is_read_alone() {
    Reading reading = ofSample("launch/ds_z2.json");

    assertThat(reading.format()).isEqualTo(FormatName.DEEPSPEED);
    assertThat(values(reading))
        .containsEntry("parallelism.strategy", "zero2")
        .containsEntry("parallelism.offload", List.of("optimizer"))
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("precision", "bf16")
        .containsEntry("optimizer.name", "adamw");
    assertThat(keys(reading, FindingCode.IGNORED_KEY))
        .containsExactly("zero_optimization.offload_param.device");
  }
}
