package dev.vramcast.formats.training.trainer;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageTrapsTest {

  private static final String MODEL = " --model_name_or_path a/b --dtype bfloat16 ";

  private static Reading trl(String command) {
    return of("run.sh", "trl " + command.replaceFirst(" ", MODEL));
  }

  private static Reading axolotl(String more) {
    return of("a.yml", "base_model: a/b\nrl: grpo\n" + more.replace("~", "\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "dpo --padding_free true, IGNORED_KEY, padding_free",
    "dpo --use_liger_kernel true, SURPRISING_DEFAULT, use_liger_kernel",
    "grpo --use_liger_kernel true, SURPRISING_DEFAULT, use_liger_kernel",
    "grpo --max_prompt_length 256 --max_completion_length 8, ASSUMED, max_prompt_length",
    "grpo --auto_find_batch_size true, REFUSED, auto_find_batch_size",
    "grpo --use_vllm true --vllm_mode colocate, SURPRISING_DEFAULT, vllm_max_model_length",
    "grpo --beta 0.04, SURPRISING_DEFAULT, beta",
    "rloo --max_completion_length 8, SURPRISING_DEFAULT, beta",
    "'grpo --num_generations 6 --per_device_train_batch_size 4 --num_processes 2', REFUSED,"
        + " num_generations"
  })
  void trl_is_said_to_do_something_else(String command, FindingCode code, String key) {
    assertThat(keys(trl(command), code)).contains(key);
  }

  @Test
  void a_group_that_needs_many_gpus_is_not_said_to_run_on_one() {
    Reading many = trl("grpo --num_generations 8 --per_device_train_batch_size 3");
    Reading one = trl("grpo --num_generations 3 --per_device_train_batch_size 3");

    assertThat(value(many, JobKey.GPU_COUNT)).isEqualTo(8);
    assertThat(keys(many, FindingCode.ASSUMED)).doesNotContain("hardware.count");
    assertThat(keys(one, FindingCode.ASSUMED)).contains("hardware.count");
  }

  @ParameterizedTest
  @CsvSource({
    "Qwen/Qwen2.5-VL-7B-Instruct, true",
    "meta-llama/Llama-3.2-11B-Vision, true",
    "a/b, false"
  })
  void scores_before_training_are_refused_where_images_are(String model, boolean said) {
    Reading reading =
        of("run.sh", "trl dpo --model_name_or_path " + model + " --precompute_ref_log_probs true");

    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT).contains("precompute_ref_log_probs"))
        .isEqualTo(said);
  }

  @Test
  void a_program_that_divides_sequences_of_grpo_is_refused() {
    String program =
        """
        from trl import GRPOConfig, GRPOTrainer
        args = GRPOConfig(output_dir="o", parallelism_config=ParallelismConfig(WAYS=2))
        trainer = GRPOTrainer(model="a/b", args=args, reward_funcs=r, train_dataset=rows)
        """;

    for (String degree : List.of("cp_size", "sp_size")) {
      assertThat(keys(of("a.py", program.replace("WAYS", degree)), FindingCode.REFUSED))
          .contains("parallelism_config");
    }
    assertThat(keys(of("a.py", program.replace("WAYS", "tp_size")), FindingCode.REFUSED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1.13, false", "1.14, false", "1.15, true"})
  void liger_brings_a_loss_until_the_release_that_takes_its_layers_alone(
      String release, boolean trap) {
    TrainingFile file =
        TrainingText.of("trl dpo" + MODEL + "--use_liger_kernel true", "run.sh")
            .with(JobDocument.empty().withFlag(JobKey.FRAMEWORK_VERSION, release));
    Reading reading = TrainingFiles.read(List.of(file), Optional.empty(), p -> Optional.empty());

    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT).contains("use_liger_kernel"))
        .isEqualTo(trap);
  }

  @ParameterizedTest
  @CsvSource({
    "sft --padding_free true",
    "dpo --loss_type sigmoid",
    "grpo --beta 0 --max_completion_length 8",
    "grpo --beta 0.04 --use_peft",
    "orpo --max_prompt_length 256",
    "'grpo --num_generations 8 --per_device_train_batch_size 4 --num_processes 2'"
  })
  void what_does_what_it_seems_to_is_not_a_trap(String command) {
    assertThat(trl(command).findings())
        .noneMatch(
            finding ->
                finding.code() == FindingCode.REFUSED
                    || finding.code() == FindingCode.IGNORED_KEY
                    || finding.key().equals("beta"));
  }

  @Test
  void padding_free_pairs_are_padded() {
    assertThat(value(trl("dpo --padding_free true"), JobKey.PADDING)).isNull();
  }

  @Test
  void adapters_under_zero_3_are_merged_into_a_whole_model() {
    Reading reading =
        of(
            "run.sh",
            "accelerate launch --use_deepspeed --zero_stage 3 grpo.py"
                + MODEL
                + "--use_peft --use_vllm true --vllm_mode server");

    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("use_vllm");
  }

  @Test
  void an_engine_that_sleeps_has_no_expandable_segments() {
    Reading reading =
        of(
            "run.sh",
            "PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True trl grpo"
                + MODEL
                + "--use_vllm true --vllm_mode colocate --vllm_enable_sleep_mode true");

    assertThat(keys(reading, FindingCode.REFUSED)).contains("PYTORCH_CUDA_ALLOC_CONF");
  }

  @Test
  void a_program_says_of_the_allocator_what_a_command_does() {
    Reading reading =
        of(
            "run.py",
            """
            import os
            os.environ["PYTORCH_CUDA_ALLOC_CONF"] = "expandable_segments:True"
            args = GRPOConfig(use_vllm=True, vllm_mode="colocate", vllm_enable_sleep_mode=True)
            trainer = GRPOTrainer(model="gpt2", args=args, train_dataset=d, reward_funcs=f)
            """);

    assertThat(keys(reading, FindingCode.REFUSED)).contains("PYTORCH_CUDA_ALLOC_CONF");
  }

  @Test
  void engines_of_openrlhf_that_do_not_sleep_leave_little() {
    String command =
        "python -m openrlhf.cli.train_ppo_ray --actor.model_name_or_path gpt2"
            + " --train.colocate_all --vllm.num_engines 1 --vllm.gpu_memory_utilization 0.95";

    assertThat(keys(of("run.sh", command), FindingCode.SURPRISING_DEFAULT))
        .contains("vllm.gpu_memory_utilization");
    assertThat(keys(of("run.sh", command + " --vllm.enable_sleep"), FindingCode.SURPRISING_DEFAULT))
        .doesNotContain("vllm.gpu_memory_utilization");
  }

  @Test
  void axolotl_hands_on_nine_tenths_of_the_card_and_no_length() {
    Reading reading =
        axolotl("trl: {use_vllm: true, vllm_mode: colocate}~vllm: {max_model_len: 8}");

    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .contains("vllm.gpu_memory_utilization", "vllm.max_model_len");
  }

  @Test
  void ms_swift_takes_nine_tenths_does_not_sleep_and_has_a_second_model() {
    Reading reading =
        of(
            "run.sh",
            "swift rlhf --rlhf_type grpo --model a/b --tuner_type full --use_vllm true"
                + " --vllm_mode colocate --max_length 1024 --max_completion_length 512");

    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .contains("vllm_gpu_memory_utilization", "sleep_level", "beta");
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(1536);
  }

  @Test
  void ms_swift_refuses_a_reference_that_was_computed_before() {
    Reading reading =
        of("run.sh", "swift rlhf --rlhf_type dpo --model a/b --precompute_ref_log_probs true");

    assertThat(keys(reading, FindingCode.REFUSED)).contains("precompute_ref_log_probs");
  }

  @Test
  void llama_factory_has_a_second_model_where_there_are_no_adapters_of_lora() {
    Reading reading =
        of("a.yaml", "model_name_or_path: a/b\nstage: dpo\nfinetuning_type: freeze\n");

    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT)).contains("finetuning_type");
  }

  @Test
  void openrlhf_leaves_a_twentieth_of_the_card_beside_engines_that_do_not_sleep() {
    Reading reading =
        of(
            "run.sh",
            "python3 -m openrlhf.cli.train_ppo_ray --pretrain a/b --colocate_all_models"
                + " --vllm_num_engines 8");

    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .contains("vllm_gpu_memory_utilization");
  }

  @Test
  void a_recipe_of_fp8_alone_turns_nothing_on() {
    String command = "megatron sft --model a/b --micro_batch_size 1 --fp8_recipe delayed";

    assertThat(values(of("run.sh", command + "\n"))).doesNotContainKey("quantized_training.scheme");
    assertThat(values(of("run.sh", command + " --fp8_format hybrid\n")))
        .containsKey("quantized_training.scheme");
  }

  @ParameterizedTest
  @CsvSource({
    "0.14.0, 2, 8, 16",
    "0.14.0, 0, 4, 32",
    "0.15.0, 2, 8, 2",
  })
  void the_first_release_of_grpo_takes_a_batch_for_prompts(
      String release, int batch, int group, int sequences) {
    String program =
        "args = GRPOConfig(num_generations=%s%s)\n"
            + "GRPOTrainer(model='Qwen/Qwen2-0.5B', args=args, reward_funcs=r).train()\n";
    String size = batch == 0 ? "" : ", per_device_train_batch_size=" + batch;
    TrainingFile file =
        TrainingText.of(program.formatted(group, size), "train.py")
            .with(JobDocument.empty().withFlag(JobKey.FRAMEWORK_VERSION, release));
    Reading reading = TrainingFiles.read(List.of(file), Optional.empty(), path -> Optional.empty());

    assertThat(values(reading)).containsEntry("batch.micro_batch", sequences);
  }
}
