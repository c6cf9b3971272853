package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Finding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantisers and adapters that a program has under a condition, and None in their place. */
class MadeUnderConditionsTest {

  private static final String TRAINS =
      """
      def train(four=False, lora=True):
          bnb = QUANTISER
          model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B", quantization_config=GIVEN)
          trainer = SFTTrainer(
              model=model,
              args=SFTConfig(output_dir="out", max_length=1024),
              peft_config=ADAPTERS,
          )
          trainer.train()


      train(HANDED)
      """;

  private static final String FOUR = "BitsAndBytesConfig(load_in_4bit=True)";
  private static final String LORA = "LoraConfig(r=16, target_modules=\"all-linear\")";

  private static Reading program(String quantiser, String given, String adapters, String handed) {
    return of(
        "train.py",
        TRAINS
            .replace("QUANTISER", quantiser)
            .replace("GIVEN", given)
            .replace("ADAPTERS", adapters)
            .replace("HANDED", handed));
  }

  private static Reading quantised(String quantiser, String given, String handed) {
    return program(quantiser, given, LORA, handed);
  }

  private static List<String> said(Reading reading) {
    return reading.findings().stream().map(Finding::message).map(Object::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"settings.four", "settings.bits == 4", "probe()"})
  void a_quantiser_under_a_condition_that_nobody_knows_is_asked_for(String condition) {
    for (Reading reading :
        List.of(
            quantised(FOUR, "bnb if " + condition + " else None", ""),
            quantised(FOUR + " if " + condition + " else None", "bnb", ""),
            quantised("1", "None if " + condition + " else " + FOUR, ""))) {
      assertThatThrownBy(() -> reading.under(JobDocument.empty()))
          .hasMessageContaining("load_in_4bit is 'True if ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bnb = None\nif settings.four:\n    bnb = MADE\n",
        "made = MADE\nbnb = None\nif settings.four:\n    bnb = made\n",
        "if settings.four:\n    bnb = MADE\nelse:\n    bnb = None\n",
      })
  void a_name_that_has_one_in_a_block_alone_is_asked_for_too(String block) {
    String program =
        block.replace("MADE", FOUR)
            + """
            model = AutoModelForCausalLM.from_pretrained("a/b", quantization_config=bnb)
            model = get_peft_model(model, LoraConfig(r=8))
            SFTTrainer(model=model, args=SFTConfig("out", max_length=512)).train()
            """;

    assertThatThrownBy(() -> of("train.py", program).under(JobDocument.empty()))
        .hasMessageContaining("load_in_4bit is 'True if settings.four'");
  }

  private static final String LOADS =
      """
      BEFORE
      model = AutoModelForCausalLM.from_pretrained("a/b", GIVEN)
      AFTER
      SFTTrainer(model=model, args=SFTConfig("out", max_length=512)).train()
      """;

  private static final String ADAPTS = "model = get_peft_model(model, LoraConfig(r=8))\n";

  private static Reading loads(String before, String given, String after) {
    return of(
        "train.py",
        LOADS
            .replace("BEFORE", before.replace("MADE", FOUR))
            .replace("GIVEN", given.replace("MADE", FOUR))
            .replace("AFTER", after));
  }

  static List<Arguments> quantised_by_some() {
    String function = "def make(four=settings.four):\n";
    return List.of(
        arguments("kw = {}\nif settings.four:\n    kw[\"quantization_config\"] = MADE", "**kw"),
        arguments(
            "kw = {}\nbnb = MADE\nif settings.four:\n    kw.update(quantization_config=bnb)",
            "**kw"),
        arguments("", "**({\"quantization_config\": MADE} if settings.four else {})"),
        arguments("", "quantization_config=settings.four and MADE or None"),
        arguments(
            function + "    if settings.four:\n        return MADE\n",
            "quantization_config=make()"),
        arguments(
            function + "    if not settings.four:\n        return None\n    return MADE\n",
            "quantization_config=make()"),
        arguments(
            "match settings.four:\n    case 4:\n        bnb = MADE\n"
                + "    case _:\n        bnb = None\n",
            "quantization_config=bnb"),
        arguments(
            "KINDS = {\"four\": MADE, \"none\": None}\n",
            "quantization_config=KINDS[settings.four]"),
        arguments("bnb = MADE\nbnb = [None, bnb][settings.four]\n", "quantization_config=bnb"));
  }

  @ParameterizedTest
  @MethodSource("quantised_by_some")
  void a_quantiser_that_another_side_has_not_is_asked_for_however_it_is_said(
      String before, String given) {
    assertThatThrownBy(() -> loads(before, given, ADAPTS).under(JobDocument.empty()))
        .hasMessageContaining("load_in_4bit is 'True if ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if settings.lora:\n    " + ADAPTS,
        "def wrap(m):\n    if not settings.lora:\n        return m\n"
            + "    return get_peft_model(m, LoraConfig(r=8))\n\n\nmodel = wrap(model)\n",
        "model = get_peft_model(model, LoraConfig(r=8)) if settings.lora else model\n",
      })
  void adapters_that_another_side_has_not_are_asked_for(String adapts) {
    assertThatThrownBy(
            () -> loads("", "quantization_config=None", adapts).under(JobDocument.empty()))
        .hasMessageContaining("use_peft is 'True if settings.lora'");
  }

  static List<Arguments> quantised_by_all() {
    return List.of(
        arguments(
            "if settings.nested:\n    bnb = MADE\nelse:\n    bnb = MADE\n",
            "quantization_config=bnb"),
        arguments(
            "def make():\n    if settings.nested:\n        return MADE\n    return MADE\n",
            "quantization_config=make()"),
        arguments(
            "import logging\nif settings.quiet:\n    logging.disable()\nbnb = MADE\n",
            "quantization_config=bnb"),
        arguments(
            "def make():\n    if settings.dry:\n        raise ValueError\n    return MADE\n",
            "quantization_config=make()"));
  }

  @ParameterizedTest
  @MethodSource("quantised_by_all")
  void a_quantiser_that_all_sides_have_is_none_to_ask_for(String before, String given) {
    assertThat(values(loads(before, given, ADAPTS))).containsEntry("method", "qlora");
  }

  @Test
  void a_condition_around_the_training_is_none_of_its_quantiser() {
    String program =
        LOADS
            .replace("BEFORE", "if settings.done:\n    return\nbnb = " + FOUR)
            .replace("GIVEN", "quantization_config=bnb")
            .replace("AFTER\n", ADAPTS)
            .indent(4);
    String branch = program.replace("    if settings.done:\n    return\n", "");

    for (String whole : List.of("def main():\n" + program, "if settings.train:\n" + branch)) {
      assertThat(values(of("train.py", whole))).containsEntry("method", "qlora");
    }
  }

  @Test
  void what_a_function_is_handed_decides_its_blocks_too() {
    String program =
        """
        def load(four=False, lora=True):
            kw = {}
            if four:
                kw["quantization_config"] = BitsAndBytesConfig(load_in_4bit=True)
            model = AutoModelForCausalLM.from_pretrained("a/b", **kw)
            if lora:
                model = get_peft_model(model, LoraConfig(r=8))
            return model


        model = load(HANDED)
        SFTTrainer(model=model, args=SFTConfig("out", max_length=512)).train()
        """;

    assertThat(values(of("a.py", program.replace("HANDED", "")))).containsEntry("method", "lora");
    assertThat(values(of("a.py", program.replace("HANDED", "four=True"))))
        .containsEntry("method", "qlora");
    assertThat(values(of("a.py", program.replace("HANDED", "lora=False"))))
        .containsEntry("method", "full");
  }

  @Test
  void flags_say_what_the_program_leaves_open_and_the_rest_is_read() {
    JobDocument job =
        quantised(FOUR, "bnb if settings.four else None", "")
            .under(
                JobDocument.empty()
                    .withFlag(JobKey.METHOD, "lora")
                    .withFlag(JobKey.QUANTIZATION_SCHEME, "none"));

    assertThat(job.value(JobKey.LORA_RANK, Integer.class)).contains(16);
  }

  @Test
  void adapters_under_a_condition_that_nobody_knows_are_asked_for() {
    Reading reading = program("None", "None", LORA + " if settings.lora else None", "");

    assertThatThrownBy(() -> reading.under(JobDocument.empty()))
        .hasMessageContaining("use_peft is 'True if settings.lora'");
  }

  @Test
  void what_a_function_is_handed_decides() {
    assertThat(values(quantised(FOUR + " if four else None", "bnb", "")))
        .containsEntry("method", "lora")
        .doesNotContainKey("model.quantization.scheme");
    assertThat(values(quantised(FOUR + " if four else None", "bnb", "four=True")))
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4");
    assertThat(values(quantised(FOUR, "None if four else bnb", "four=True")))
        .containsEntry("method", "lora");
    assertThat(values(program("None", "None", LORA + " if lora else None", "lora=False")))
        .containsEntry("method", "full");
  }

  @Test
  void what_is_asked_of_a_gpu_is_assumed_and_said() {
    Reading reading = quantised(FOUR, "bnb if torch.cuda.is_available() else None", "");

    assertThat(values(reading)).containsEntry("method", "qlora");
    assertThat(said(reading))
        .anyMatch(note -> note.contains("if torch.cuda.is_available(), which is assumed"));
  }

  @Test
  void of_none_that_is_heeded_it_is_not_said_that_nothing_is_shown() {
    String program =
        """
        @dataclass
        class Arguments:
            four: bool = field(default=False)
            lora: bool = field(default=False)


        args = HfArgumentParser(Arguments).parse_args_into_dataclasses()[0]
        if args.four:
            quantization_config = BitsAndBytesConfig(load_in_4bit=True)
        else:
            quantization_config = None
        if args.lora:
            peft_config = LoraConfig(r=8)
        else:
            peft_config = None
        model = AutoModelForCausalLM.from_pretrained(
            "facebook/opt-350m", quantization_config=quantization_config
        )
        trainer = SFTTrainer(
            model=model, args=SFTConfig("out", max_length=512), peft_config=peft_config
        )
        trainer.train()
        """;
    Reading reading = of("sft.py", program);

    assertThat(values(reading)).containsEntry("method", "full");
    assertThat(said(reading)).noneMatch(note -> note.contains("does not show"));
    assertThat(keys(quantised(FOUR + " if four else None", "bnb", ""), FindingCode.NOT_FOLLOWED))
        .isEmpty();
  }

  @Test
  void a_base_that_is_made_ready_for_four_bits_and_has_none_is_in_fp32() {
    String program =
        """
        bnb = BitsAndBytesConfig(load_in_8bit=True)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B", torch_dtype=torch.float16)
        model = prepare_model_for_kbit_training(model)
        model = get_peft_model(model, LoraConfig(r=32))
        Trainer(model=model, args=TrainingArguments("out")).train()
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("method", "lora")
        .containsEntry("model.dtype", "fp32");
  }

  @Test
  void a_dictionary_of_an_object_is_unpacked_where_nothing_changes_it() {
    String program =
        """
        class Tuner:
            adapters = {"r": 24, "lora_alpha": 48, "target_modules": ["q_proj"]}

            def train(self):
                model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-7B")
                CHANGE
                model = get_peft_model(model, LoraConfig(**self.adapters))
                SFTTrainer(model=model, args=SFTConfig("out", max_length=512)).train()


        Tuner().train()
        """;

    assertThat(values(of("tune.py", program.replace("CHANGE", "rank = self.adapters[\"r\"]"))))
        .containsEntry("lora.rank", 24)
        .containsEntry("lora.targets", List.of("q_proj"));
    for (String change :
        List.of("self.adapters[\"r\"] = 8", "self.adapters.update(r=8)", "tell(self.adapters)")) {
      assertThat(of("tune.py", program.replace("CHANGE", change)).unreadable())
          .containsKey(JobKey.LORA_RANK);
    }
  }

  @Test
  void defaults_of_functions_are_pytorchs_names_and_none_too() {
    String program =
        """
        def load(name, dtype=torch.bfloat16, attention=None, rank=None):
            model = AutoModelForCausalLM.from_pretrained(
                name, torch_dtype=dtype, attn_implementation=attention
            )
            return get_peft_model(model, LoraConfig(r=rank if rank is not None else 24))


        SFTTrainer(model=load("Qwen/Qwen2.5-7B"), args=SFTConfig("out", max_length=512)).train()
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("model.dtype", "bf16")
        .doesNotContainKey("attention");
  }

  @Test
  void lengths_of_what_is_read_and_written_are_one_row_for_a_decoder_alone() {
    String program =
        """
        model = LOADER.from_pretrained("MODEL")
        collator = Collator(tokenizer=tokenizer, source_max_len=512, target_max_len=128)
        Seq2SeqTrainer(
            model=model, args=Seq2SeqTrainingArguments("out"), data_collator=collator
        ).train()
        """;

    assertThat(
            values(
                of(
                    "train.py",
                    program
                        .replace("LOADER", "AutoModelForSeq2SeqLM")
                        .replace("MODEL", "google/flan-t5-base"))))
        .containsEntry("batch.sequence_length", 512)
        .containsEntry("objective.completion_length", 128);
    assertThat(
            values(
                of(
                    "train.py",
                    program
                        .replace("LOADER", "AutoModelForCausalLM")
                        .replace("MODEL", "Qwen/Qwen2.5-7B"))))
        .containsEntry("batch.sequence_length", 640);
  }
}
