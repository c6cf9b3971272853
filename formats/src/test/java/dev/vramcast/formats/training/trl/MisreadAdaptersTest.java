package dev.vramcast.formats.training.trl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that train a part of a model in another way than by LoRA. */
class MisreadAdaptersTest {

  private static Reading program(String loaded, String then) {
    return of(
        "train.py",
        "from transformers import AutoModelForCausalLM, Trainer, TrainingArguments\n"
            + "model = AutoModelForCausalLM.from_pretrained(\"Qwen/Qwen3-8B\""
            + loaded
            + ")\n"
            + then
            + "\nTrainer(model=model, args=TrainingArguments(bf16=True,"
            + " per_device_train_batch_size=2)).train()\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model = get_peft_model(model, IA3Config())",
        "config = AdaLoraConfig(init_r=12)\nmodel = get_peft_model(model, config)",
        "model = get_peft_model(model, PrefixTuningConfig(num_virtual_tokens=20))",
        "model = get_peft_model(model, OFTConfig(r=8, oft_block_size=0))",
        "model = get_peft_model(model, LoHaConfig(r=8, rank_dropout=0.1))",
        "model = get_peft_model(model, LoKrConfig(decompose_factor=8))",
        "model = get_peft_model(model, MissConfig(init_weights=\"bat\"))",
      })
  void adapters_that_are_no_lora_are_no_full_fine_tune(String adapted) {
    assertThat(program("", adapted).notModelled()).isPresent();
  }

  @Test
  void rotations_are_read_with_their_blocks_and_targets() {
    Reading reading =
        program(
            "",
            "config = OFTConfig(oft_block_size=64, target_modules=[\"q_proj\", \"v_proj\"])\n"
                + "model = get_peft_model(model, config)");
    assertThat(reading.notModelled()).isEmpty();
    assertThat(values(reading))
        .containsEntry("method", "oft")
        .containsEntry("lora.block_size", 64)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"));
  }

  @Test
  void scales_are_read_with_the_modules_of_which_inputs_are_scaled() {
    Reading reading =
        program(
            "",
            "config = IA3Config(target_modules=[\"k_proj\", \"down_proj\"],"
                + " feedforward_modules=[\"down_proj\"])\n"
                + "model = get_peft_model(model, config)");
    assertThat(reading.notModelled()).isEmpty();
    assertThat(values(reading))
        .containsEntry("method", "ia3")
        .containsEntry("lora.feedforward_modules", List.of("down_proj"))
        .containsEntry("lora.targets", List.of("k_proj", "down_proj"));
  }

  @ParameterizedTest
  @CsvSource({
    "'VeraConfig(vera_dropout=0.1)', vera, 256",
    "'VeraConfig(r=64)', vera, 64",
    "'LoHaConfig()', loha, 8",
    "'LoKrConfig(r=32, alpha=32)', lokr, 32",
    "'MissConfig(init_weights=True)', miss, 64",
  })
  void adapters_of_other_forms_are_read_with_their_rank(String config, String method, int rank) {
    Reading reading = program("", "model = get_peft_model(model, " + config + ")");
    assertThat(reading.notModelled()).isEmpty();
    assertThat(values(reading)).containsEntry("method", method).containsEntry("lora.rank", rank);
  }

  @Test
  void adapters_that_are_trained_on_are_taken_to_be_usual_ones() {
    Reading reading =
        program("", "model = PeftModel.from_pretrained(model, \"a/b\", is_trainable=True)");
    assertThat(values(reading)).containsEntry("method", "lora").containsEntry("lora.rank", 8);
    assertThat(reading.findings()).anyMatch(finding -> finding.key().equals("is_trainable"));
    assertThat(values(program("", "other = PeftModel.from_pretrained(model, \"a/b\")")))
        .containsEntry("method", "full");
  }

  @Test
  void adapters_that_the_model_itself_loads_are_what_is_trained() {
    Reading reading = program("", "model.load_adapter(\"a/b\", is_trainable=True)");
    assertThat(values(reading)).containsEntry("method", "lora").containsEntry("lora.rank", 8);
    assertThat(reading.findings()).anyMatch(finding -> finding.key().equals("is_trainable"));
    assertThat(values(program("", "judge.load_adapter(\"a/b\")"))).containsEntry("method", "full");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for p in model.model.parameters():\n    p.requires_grad = False",
        "model.model.embed_tokens.requires_grad_(False)",
      })
  void parameters_that_a_program_freezes_are_said_to_be_counted(String freezes) {
    assertThat(program("", freezes).findings())
        .anyMatch(finding -> finding.key().equals("requires_grad"));
  }

  @Test
  void what_is_not_said_of_parameters_is_not_said() {
    assertThat(program("", "# p.requires_grad = False\np.requires_grad = True").findings())
        .noneMatch(finding -> finding.key().equals("requires_grad"));
  }

  @Test
  void a_quantiser_of_which_nothing_is_known_is_no_model_in_16_bits() {
    assertThat(
            program(
                    ", quantization_config=quantised",
                    "quantised = HqqConfig(nbits=4)\nmodel = get_peft_model(model, LoraConfig())")
                .notModelled())
        .isPresent();
  }

  @Test
  void adapters_that_are_loaded_and_handed_to_the_trainer_are_what_it_trains() {
    String program =
        """
        base = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        policy = PeftModel.from_pretrained(base, "out/sft")
        for name, weight in policy.named_parameters():
            weight.requires_grad = "lora" in name
        trainer = GRPOTrainer(model=policy, args=GRPOConfig(output_dir="o"), reward_funcs=score)
        """;

    assertThat(values(of("grpo.py", program)))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8);
    String merged = "policy = policy.merge_and_unload()\ntrainer =";
    assertThat(values(of("grpo.py", program.replace("trainer =", merged))))
        .containsEntry("method", "full");
    assertThat(values(of("grpo.py", program.replace("\"out/sft\"", "a, is_trainable=False"))))
        .containsEntry("method", "full");
  }

  @Test
  void the_encoder_of_whisper_is_frozen_by_its_own_method() {
    String program =
        """
        model = WhisperForConditionalGeneration.from_pretrained("openai/whisper-small")
        model.freeze_encoder()
        args = Seq2SeqTrainingArguments(output_dir="o", fp16=True)
        trainer = Seq2SeqTrainer(model=model, args=args)
        """;

    assertThat(values(of("tune.py", program))).containsEntry("frozen", List.of("towers"));
    assertThat(values(of("tune.py", program.replace("model.freeze_encoder()", ""))))
        .doesNotContainKey("frozen");
    String command =
        "python run_speech_recognition_seq2seq.py --model_name_or_path openai/whisper-small"
            + " --freeze_encoder True --num_train_epochs 1\n";
    assertThat(values(of("run.sh", command))).containsEntry("frozen", List.of("towers"));
  }

  @Test
  void adapters_of_some_layers_or_ranks_are_said() {
    String program =
        """
        ATTENTION = ["q_proj"]
        MLP = ["up_proj"]
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
        model = get_peft_model(model, LoraConfig(r=8, target_modules=ATTENTION + MLP, MORE))
        Trainer(model=model, args=TrainingArguments("o")).train()
        """;

    for (String more : List.of("layers_to_transform=[1, 2]", "rank_pattern={'q_proj': 4}")) {
      Reading reading = of("tune.py", program.replace("MORE", more));
      assertThat(keys(reading, FindingCode.NOT_COUNTED))
          .contains("LoraConfig." + more.split("=")[0]);
      assertThat(values(reading)).containsEntry("lora.targets", List.of("q_proj", "up_proj"));
    }
    String none = program.replace("MORE", "layers_to_transform=None");
    assertThat(keys(of("tune.py", none), FindingCode.NOT_COUNTED)).isEmpty();
  }

  @Test
  void a_prefix_before_each_layer_is_no_full_fine_tuning() {
    Reading reading =
        of(
            "run.sh",
            "python main.py --model_name_or_path THUDM/chatglm2-6b --do_train --pre_seq_len 128"
                + " --max_source_length 64 --max_target_length 64\n");

    assertThat(reading.notModelled()).isPresent();
  }
}
