package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.value;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrlReaderTest {

  private static Reading with(String more) {
    return of("a.yaml", "model_name_or_path: a/b\ndataset_name: x\n" + more.replace("~", "\n"));
  }

  @Test
  void a_qlora_is_read_key_by_key() {
    Reading reading = ofSample("trl/sft.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Llama-3.1-8B")
        .containsEntry("model.dtype", "bf16")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", true)
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("batch.padding", "packed")
        .containsEntry("checkpointing", "full")
        .containsEntry("checkpointing_reentrant", false)
        .containsEntry("optimizer.name", "adamw-8bit")
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("attention", "flash");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void a_command_is_read_with_its_launcher() {
    Reading reading = ofSample("trl/dpo.sh");

    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2-0.5B-Instruct")
        .containsEntry("hardware.count", 4)
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 1536)
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 32)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("loss", "full");
    assertThat(value(reading, JobKey.STAGE)).isEqualTo("dpo");
    assertThat(reading.document().entry(JobKey.LORA_RANK).orElseThrow().place().text())
        .isEqualTo("dpo.sh:14:16, lora_r");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void alignment_handbook_is_read_by_its_old_names() {
    Reading reading = ofSample("trl/handbook.yaml", "launch/zero3.yaml");

    assertThat(reading.format()).isEqualTo(FormatName.ALIGNMENT_HANDBOOK);
    assertThat(values(reading))
        .containsEntry("model.dtype", "bf16")
        .containsEntry("method", "full")
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("batch.micro_batch", 16)
        .containsEntry("parallelism.strategy", "zero3")
        .containsEntry("parallelism.offload", List.of("optimizer"))
        .containsEntry("hardware.count", 16)
        .containsEntry("hardware.nodes", 2);
    assertThat(keys(reading, FindingCode.RENAMED_KEY))
        .containsExactly("torch_dtype", "max_seq_length");
  }

  @Test
  void accelerates_file_is_taken_beside_the_arguments() {
    Reading reading = ofSample("trl/sft.yaml", "launch/fsdp2.yaml");

    assertThat(value(reading, JobKey.STRATEGY)).isEqualTo("fsdp2");
    assertThat(value(reading, JobKey.GPU_COUNT)).isEqualTo(8);
    assertThat(reading.document().entry(JobKey.STRATEGY).orElseThrow().place().text())
        .startsWith("fsdp2.yaml:13");
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("bnb_4bit_quant_storage");
  }

  @Test
  void fsdp_keeps_trained_parameters_in_fp32_whatever_dtype_says() {
    String fsdp = "dtype: bfloat16~fsdp: full_shard auto_wrap~fsdp_config: {version: 2}";

    assertThat(value(with(fsdp), JobKey.MODEL_DTYPE)).isEqualTo("fp32");
    assertThat(value(with(fsdp + "~use_peft: true"), JobKey.MODEL_DTYPE)).isEqualTo("bf16");
    assertThat(value(with("dtype: bfloat16"), JobKey.MODEL_DTYPE)).isEqualTo("bf16");
  }

  @ParameterizedTest
  @CsvSource({
    "lora_r: 8, full,",
    "use_peft: true, lora,",
    "lora: true, lora,",
    "lora: false, full,",
    "use_peft: true~load_in_4bit: true, qlora, nf4",
    "use_peft: true~load_in_8bit: true, lora, int8",
    "use_peft: true~load_in_4bit: true~bnb_4bit_quant_type: fp4, qlora, fp4",
    "use_peft: true~use_dora: true, dora,",
    "use_peft: true~use_rslora: true, rslora,",
    "use_peft: false~lora_r: 8, full,",
    "use_peft_lora: True~use_4bit_quantization: True, qlora, nf4",
  })
  void adapters_need_use_peft(String text, String method, String scheme) {
    assertThat(value(with(text), JobKey.METHOD)).isEqualTo(method);
    assertThat(value(with(text), JobKey.QUANTIZATION_SCHEME)).isEqualTo(scheme);
  }

  @Test
  void an_empty_list_beside_parameters_adapts_no_module_and_alone_says_nothing() {
    String empty = "use_peft: true~lora_target_modules: []";

    assertThat(
            value(
                with(empty + "~lora_target_parameters: [experts.down_proj]"), JobKey.LORA_TARGETS))
        .isEqualTo(List.of());
    assertThat(value(with(empty), JobKey.LORA_TARGETS)).isNull();
  }

  @Test
  void adapter_keys_without_use_peft_are_ignored_and_said() {
    assertThat(keys(with("lora_r: 8~load_in_4bit: true"), FindingCode.IGNORED_KEY))
        .containsExactly("lora_r");
    assertThat(keys(with("load_in_4bit: true"), FindingCode.REFUSED))
        .containsExactly("load_in_4bit");
  }

  @Test
  void what_is_left_out_is_what_trls_script_does() {
    Reading reading = with("learning_rate: 1e-5");
    ResolvedJob job = JobResolver.resolve(reading.document()).job();

    assertThat(job.batch().microBatch()).isEqualTo(8);
    assertThat(job.batch().sequenceLength()).isEqualTo(1024);
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT))
        .contains("dtype", "max_length", "per_device_train_batch_size");
  }

  @Test
  void checkpointing_by_fsdp_beside_the_default_is_refused() {
    String fsdp = "fsdp: full_shard~fsdp_config: {activation_checkpointing: true}";

    assertThat(keys(with(fsdp), FindingCode.REFUSED))
        .containsExactly("fsdp_config.activation_checkpointing");
    assertThat(keys(with(fsdp + "~gradient_checkpointing: false"), FindingCode.REFUSED)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "fsdp: full_shard auto_wrap, fsdp1,",
    "'fsdp: \"shard_grad_op, auto_wrap\"', fsdp1, false",
    "'fsdp: true~fsdp_config: {reshard_after_forward: false, version: 2}', fsdp2, false",
    "fsdp: no_shard, ddp,",
    "deepspeed: {zero_optimization: {stage: 1}}, zero1,",
    "deepspeed: stage2.json, zero2,",
    "accelerate_config: fsdp2, fsdp2,",
    "accelerate_config: zero1, zero1,",
    "accelerate_config: multi_gpu,,",
  })
  void strategies_are_read(String text, String strategy, Boolean reshard) {
    assertThat(value(with(text), JobKey.STRATEGY)).isEqualTo(strategy);
    assertThat(value(with(text), JobKey.RESHARD_AFTER_FORWARD)).isEqualTo(reshard);
  }

  @ParameterizedTest
  @CsvSource({
    "'fsdp_config: {min_num_params: 1000000}', true",
    "'fsdp_min_num_params: 100000000', true",
    "'fsdp_config: {min_num_params: 0}', false",
  })
  void layers_wrapped_by_their_size_are_said_to_be_counted_one_by_one(String size, boolean said) {
    Reading reading = with("fsdp: full_shard auto_wrap~" + size);

    assertThat(keys(reading, FindingCode.NOT_COUNTED).isEmpty()).isNotEqualTo(said);
    assertThat(value(reading, JobKey.LAYER_CLASSES)).isEqualTo(said ? null : List.of("auto"));
  }

  @ParameterizedTest
  @CsvSource({
    "fsdp: full_shard auto_wrap, false",
    "fsdp: full_shard~fsdp_config: {cpu_ram_efficient_loading: true}, true",
    "fsdp: full_shard~fsdp_config: {cpu_ram_efficient_loading: false}, false",
    "accelerate_config: fsdp2,",
  })
  void all_ranks_load_under_the_trainers_own_fsdp_unless_told(String text, Boolean first) {
    assertThat(value(with(text), JobKey.FIRST_RANK_LOADS)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fastchat/train/train_mem.py | flash",
        "-m fastchat.train.train_mem | flash",
        "FastChat/fastchat/train/train.py | ",
      })
  void fastchat_pads_all_rows_to_the_longest_that_may_be(String program, String attention) {
    Reading reading =
        Readings.of(
            "run.sh",
            "torchrun --nproc_per_node=4 %s --model_name_or_path lmsys/vicuna-7b-v1.5 --bf16 True"
                    .formatted(program)
                + " --per_device_train_batch_size 2 --model_max_length 2048");

    assertThat(value(reading, JobKey.PADDING)).isEqualTo("padded");
    assertThat(value(reading, JobKey.ATTENTION)).isEqualTo(attention);
  }

  @Test
  void a_deepspeed_file_whose_name_says_nothing_is_asked_for() {
    Reading reading = with("deepspeed: configs/mine.json");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("deepspeed is 'configs/mine.json', which is not there")
        .hasMessageContaining("parallelism.strategy replaces it");
  }

  @ParameterizedTest
  @CsvSource({
    "'use_vllm: true', vllm-colocate,",
    "'use_vllm: true~vllm_mode: server', vllm-server,",
    "'use_vllm: true~overwrite_output_dir: true', vllm-server,",
    "'use_vllm: true~overwrite_output_dir: true~vllm_mode: colocate', vllm-colocate,",
    "'use_vllm: true~vllm_enable_sleep_mode: true', vllm-colocate, 2",
    "'use_vllm: false~vllm_mode: server', ,"
  })
  void vllm_generates_on_the_same_cards_unless_a_server_is_named(
      String text, String engine, Integer sleep) {
    Reading reading = with("num_generations: 8~max_completion_length: 64~" + text);

    assertThat(value(reading, JobKey.ENGINE)).isEqualTo(engine);
    assertThat(value(reading, JobKey.ENGINE_SLEEP)).isEqualTo(sleep);
  }

  @Test
  void other_stages_are_taken_with_their_arguments_and_a_full_loss() {
    Reading reading = with("num_generations: 8~use_vllm: true~vllm_mode: colocate~beta: 0.04");

    assertThat(value(reading, JobKey.STAGE)).isEqualTo("grpo");
    assertThat(value(reading, JobKey.GROUP_SIZE)).isEqualTo(8);
    assertThat(value(reading, JobKey.ENGINE)).isEqualTo("vllm-colocate");
    assertThat(value(reading, JobKey.BETA)).isEqualTo(0.04);
    assertThat(value(reading, JobKey.LOSS)).isEqualTo("full");
    assertThat(reading.document().remarksAbout(JobKey.SEQUENCE_LENGTH)).hasSize(1);
  }

  @Test
  void a_command_that_names_a_file_says_that_it_is_not_read() {
    Reading reading = of("run.sh", "trl sft --config sft.yaml --max_length 512\n");

    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("config");
    assertThat(value(reading, JobKey.SEQUENCE_LENGTH)).isEqualTo(512);
  }

  @Test
  void as_many_gpus_are_assumed_as_a_group_of_completions_needs() {
    Reading reading =
        of(
            "a.yaml",
            "model_name_or_path: m\nreward_funcs: [r]\nnum_generations: 14\n"
                + "per_device_train_batch_size: 16\ngradient_accumulation_steps: 4\n");

    assertThat(value(reading, JobKey.GPU_COUNT)).isEqualTo(7);
    assertThat(reading.document().remarks()).asString().contains("num_generations is 14");
  }

  @ParameterizedTest
  @CsvSource({
    "per_device_train_batch_size: 2~num_processes: 1~num_generations: 3, num_generations,"
        + " generation.group_size is 3",
    "num_generations: 8~use_vllm: true~vllm_max_model_length: 512~max_prompt_length: 512,"
        + " vllm_max_model_length, batch.sequence_length is 768",
    "num_generations: 8~use_vllm: true~vllm_gpu_memory_utilization: 1.5,"
        + " vllm_gpu_memory_utilization, '1.5'"
  })
  void what_contradicts_itself_is_refused_with_its_line_and_both_keys(
      String keys, String key, String what) {
    String yaml =
        "model_name_or_path: qwen2.5-0.5b\nmax_completion_length: 256\n"
            + "reward_funcs: [accuracy_reward]\n"
            + keys.replace("~", "\n");
    int line =
        4 + List.of(keys.split("~")).stream().map(k -> k.split(":")[0]).toList().indexOf(key);

    assertThatThrownBy(() -> JobResolver.resolve(of("a.yaml", yaml).under(JobDocument.empty())))
        .hasMessageContaining("a.yaml:" + line + ":1, " + key)
        .hasMessageContaining(what);
  }
}
