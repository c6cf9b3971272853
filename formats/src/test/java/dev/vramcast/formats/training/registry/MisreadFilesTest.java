package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files like ones that were once read as something that they are not. */
class MisreadFilesTest {

  private static final JobDocument NO_FLAGS = JobDocument.empty();

  private static final TrainingFile FSDP =
      TrainingText.of(
          "{\"fsdp\": \"full_shard auto_wrap\", \"fsdp_config\": {\"fsdp_version\": 2,"
              + " \"activation_checkpointing\": true}}",
          "fsdp.json");

  @Test
  void options_of_unsloths_script_are_those_of_its_calls() {
    Reading reading = ofSample("unsloth/cli.sh");

    assertThat(reading.format()).isEqualTo(FormatName.UNSLOTH);
    assertThat(values(reading))
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.sequence_length", 8192)
        .containsEntry("checkpointing", "offloaded")
        .containsEntry("optimizer.name", "adamw-8bit");
    assertThat(values(of("run.sh", "python unsloth-cli.py --max_steps 10 --per_device 1\n")))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void a_file_of_unsloth_studio_has_its_own_names() {
    assertThat(values(ofSample("unsloth/studio.yaml")))
        .containsEntry("model.id", "unsloth/Qwen2.5-0.5B")
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 64)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("checkpointing", "offloaded");
    assertThat(
            values(
                of(
                    "a.yaml",
                    "model: a/b\ntraining:\n  training_type: full\n  gradient_checkpointing: none\n"
                        + "lora: {}\n")))
        .containsEntry("method", "full")
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void ms_swift_takes_a_file_for_fsdp() {
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "swift sft --model a/b --tuner_type full --fsdp fsdp.json --max_length 9\n",
                    "run.sh")),
            Optional.empty(),
            named -> named.equals("fsdp.json") ? Optional.of(FSDP) : Optional.empty());

    assertThat(values(reading))
        .containsEntry("parallelism.strategy", "fsdp2")
        .containsEntry("checkpointing", "full");
  }

  @Test
  void ms_swifts_galore_is_an_optimizer() {
    assertThat(values(of("a.sh", "swift sft --model a/b --tuner_type full --use_galore true\n")))
        .containsEntry("method", "full")
        .containsEntry("optimizer.name", "galore");
  }

  @Test
  void litgpts_pretraining_names_a_model_and_no_folder() {
    Reading reading =
        of(
            "pretrain.yaml",
            """
            model_name: pythia-160m
            precision: bf16-mixed
            devices: 8
            train:
              global_batch_size: 512
              micro_batch_size: 4
              max_seq_length: 2048
            """);

    assertThat(reading.format()).isEqualTo(FormatName.LITGPT);
    assertThat(values(reading))
        .containsEntry("model.id", "pythia-160m")
        .containsEntry("method", "full")
        .containsEntry("batch.grad_accum", 16);
  }

  @Test
  void llama_factory_predicts_without_training() {
    Reading reading =
        of(
            "predict.yaml",
            """
            model_name_or_path: meta-llama/Meta-Llama-3-8B
            stage: sft
            do_predict: true
            finetuning_type: lora
            cutoff_len: 2048
            """);

    assertThatThrownBy(() -> reading.under(NO_FLAGS))
        .hasMessageContaining("predict.yaml:3")
        .hasMessageContaining("trains nothing: do_predict is there and do_train is not on")
        .hasMessageContaining("there is nothing to estimate")
        .hasMessageNotContaining("replaces it");
    assertThat(reading.under(flag(JobKey.METHOD, "lora")).has(JobKey.MODEL_ID)).isTrue();
  }

  @Test
  void torchtunes_recipes_that_generate_are_no_training() {
    Reading reading =
        of(
            "generation.yaml",
            """
            model:
              _component_: torchtune.models.llama2.llama2_7b
            tokenizer:
              _component_: torchtune.models.llama2.llama2_tokenizer
            max_new_tokens: 300
            """);

    assertThatThrownBy(() -> reading.under(NO_FLAGS))
        .hasMessageContaining("trains nothing: there is no optimizer and no loss");
  }

  @Test
  void a_recipe_for_one_gpu_is_refused_on_two() {
    Reading reading =
        of(
            "a.yaml",
            """
            # tune run --nproc_per_node 2 lora_finetune_single_device --config a.yaml
            model: {_component_: torchtune.models.llama3.lora_llama3_8b}
            optimizer: {_component_: torch.optim.AdamW}
            """);

    assertThat(keys(reading, FindingCode.REFUSED)).contains("nproc_per_node");
    assertThat(values(reading)).containsEntry("hardware.count", 1);
  }

  @Test
  void axolotls_experts_and_shards_are_axes_of_one_mesh() {
    String yaml =
        """
        base_model: Qwen/Qwen3-30B-A3B
        datasets: [{path: a, type: alpaca}]
        micro_batch_size: 1
        gradient_accumulation_steps: 1
        expert_parallel_size: 2
        dp_shard_size: 4
        fsdp_version: 2
        fsdp_config: {reshard_after_forward: true}
        """;

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("hardware.count", 8)
        .containsEntry("parallelism.expert", 2)
        .containsEntry("parallelism.shard", 8);
  }

  @Test
  void numbers_that_begin_with_a_zero_are_octal_as_in_pyyaml() {
    String yaml =
        """
        base_model: a/b
        datasets: [{path: a}]
        adapter: lora
        lora_r: 020
        micro_batch_size: 010
        gradient_accumulation_steps: "010"
        """;

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("lora.rank", 16)
        .containsEntry("batch.micro_batch", 8)
        .containsEntry("batch.grad_accum", 10);
  }

  @Test
  void adapters_that_are_handed_to_nothing_are_not_trained() {
    String program =
        """
        from trl import SFTTrainer, SFTConfig
        from peft import LoraConfig
        config = LoraConfig(r=8)
        trainer = SFTTrainer(model="Qwen/Qwen3-4B", args=SFTConfig(max_length=1024)%s)
        """;

    assertThat(values(of("a.py", program.formatted("")))).containsEntry("method", "full");
    assertThat(values(of("a.py", program.formatted(", peft_config=config"))))
        .containsEntry("method", "lora");
    assertThat(values(of("a.py", program.formatted("") + "model = get_peft_model(m, config)\n")))
        .containsEntry("method", "lora");
  }

  @Test
  void a_base_of_one_codebook_of_16_bits_is_counted_as_its_name_says() {
    Reading reading =
        of("a.sh", "swift sft --model a/Llama-3-8B-AQLM-2Bit-1x16 --tuner_type lora\n");

    assertThat(reading.notModelled()).isEmpty();
    assertThat(values(reading)).containsEntry("model.quantization.scheme", "aqlm-2bit");
  }

  @Test
  void checkpoints_of_schemes_without_a_kernel_are_not_modelled() {
    Reading reading = of("a.sh", "swift sft --model a/Llama-3-8B-AQLM-2Bit --tuner_type lora\n");

    assertThatThrownBy(() -> reading.under(NO_FLAGS))
        .isInstanceOf(UnsupportedJobException.class)
        .extracting(refusal -> ((UnsupportedJobException) refusal).notice().toString())
        .asString()
        .contains("a checkpoint whose weights are AQLM");
    assertThat(reading.under(flag(JobKey.QUANTIZATION_SCHEME, "gptq-int4")).has(JobKey.MODEL_ID))
        .isTrue();
  }

  @Test
  void torchrun_on_several_machines_starts_one_process_on_each() {
    assertThat(values(of("a.sh", "NNODES=4 swift sft --model a/b --tuner_type lora\n")))
        .containsEntry("hardware.count", 4)
        .containsEntry("hardware.nodes", 4);
  }

  private static JobDocument flag(JobKey key, String value) {
    return NO_FLAGS.with(key, value, Place.of("flags"));
  }

  @Test
  void slips_of_axolotl_s_keys_are_its_own() {
    Reading reading = of("a.yml", "base_model: a/b\nlora_r: 8\nadaptor: lora\nmy_length: 5\n");
    assertThat(reading.format()).isEqualTo(FormatName.AXOLOTL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"template.jinja", "data\\template.py", "data/template.py"})
  void a_template_that_is_a_file_is_not_llama_factory_s(String template) {
    String yaml =
        "model_name_or_path: a/b\nlora: true\nlora_rank: 12\nlora_target_modules: [q_proj]\n"
            + "per_device_train_batch_size: 4\ntemplate: ";
    assertThat(of("a.yaml", yaml + template + "\n").format()).isEqualTo(FormatName.TRL);
    assertThat(of("a.yaml", yaml + "glm4.5_v\n").format()).isEqualTo(FormatName.LLAMA_FACTORY);
  }
}
