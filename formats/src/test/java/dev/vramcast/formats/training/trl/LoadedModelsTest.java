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

/** What programs do with the models that they load, before they train one. */
class LoadedModelsTest {

  private static final String TRAINS =
      """
      trainer = SFTTrainer(model=model, args=SFTConfig(max_length=512))
      trainer.train()
      """;

  @ParameterizedTest
  @CsvSource({
    ".half().cuda(), fp16",
    ".to('cuda').bfloat16(), bf16",
    ".to(torch.float16), fp16",
    "'.to(\"cuda\", torch.float16)', fp16",
    ".half().float(), fp32",
    ".float(), fp32"
  })
  void a_model_has_the_dtype_that_it_is_cast_to_as_it_is_loaded(String cast, String dtype) {
    String program = "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B')" + cast;

    assertThat(values(of("train.py", program + '\n' + TRAINS))).containsEntry("model.dtype", dtype);
  }

  @Test
  void a_model_that_is_loaded_anew_is_no_more_what_it_was() {
    String tries =
        """
        model = AutoModelForCausalLM.from_pretrained("meta-llama/Llama-2-7b-hf")
        print(model.generate(**prompt))
        bits = BitsAndBytesConfig(load_in_4bit=True)
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B", quantization_config=bits)
        model = get_peft_model(model, LoraConfig(r=8))
        """;
    String asks = "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-8B')\n";

    assertThat(values(of("train.py", tries + TRAINS + asks)))
        .containsEntry("model.id", "Qwen/Qwen3-4B")
        .containsEntry("method", "qlora");
  }

  @Test
  void of_branches_that_load_a_model_the_first_counts() {
    String program =
        """
        if small():
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        else:
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        """;

    assertThat(values(of("train.py", program + TRAINS))).containsEntry("model.id", "Qwen/Qwen3-4B");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model = model.half()",
        "model.half()",
        "model.to(dtype=torch.float16)",
        "model = model.cuda().half()",
        "model = model.to('cuda:0', dtype=torch.float16)",
        "model.float()\nmodel.half()",
        "model = prepared(model)\nmodel.half()"
      })
  void a_model_has_the_dtype_that_it_is_cast_to_later(String cast) {
    String program =
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', torch_dtype='auto')\n";

    assertThat(values(of("train.py", program + cast + '\n' + TRAINS)))
        .containsEntry("model.dtype", "fp16");
    String deeper = "if old:\n    " + cast.replace("\n", "\n    ") + '\n';
    assertThat(values(of("train.py", program + deeper + TRAINS)))
        .containsEntry("model.dtype", "auto");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRAINS\nmodel.half()",
        "TRAINS\ndef save():\n    model.half()",
        "def save():\n    model.half()\nTRAINS",
        "logits = model.forward(x).half()\nTRAINS",
        "other = model\nmodel = load('out')\nmodel.half()\nTRAINS"
      })
  void a_cast_of_another_model_or_behind_the_training_casts_nothing(String rest) {
    String program =
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', torch_dtype='auto')\n";

    assertThat(values(of("train.py", program + rest.replace("TRAINS", TRAINS))))
        .containsEntry("model.dtype", "auto");
  }

  @Test
  void a_cast_in_another_function_casts_nothing() {
    String program =
        """
        def main():
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B", dtype="auto")
            # begins
            run(model)
        def export():
            model = load("out")
            model = model.half()
        def run(model):
            SFTTrainer(model=model, args=SFTConfig(max_length=512)).train()
        main()
        """;

    assertThat(values(of("train.py", program))).containsEntry("model.dtype", "auto");
  }

  @ParameterizedTest
  @ValueSource(strings = {"load_in_8bit=False", "load_in_4bit=None", "quantization_config=None"})
  void what_is_told_that_it_is_not_quantised_is_cast(String off) {
    String program =
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', " + off + ").half()\n";

    assertThat(values(of("train.py", program + TRAINS))).containsEntry("model.dtype", "fp16");
  }

  @Test
  void chains_of_any_length_are_read() {
    String program =
        "model = AutoModelForCausalLM.from_pretrained(c%s('a'), dtype='bfloat16')%s\n"
            .formatted(".get".repeat(6_000), ".eval()".repeat(20_000));

    assertThat(values(of("train.py", program + TRAINS))).containsEntry("model.dtype", "bf16");
  }

  @Test
  void a_quantised_model_keeps_its_own_dtype() {
    String program =
        """
        model = AutoModelForCausalLM.from_pretrained(
            "Qwen/Qwen3-4B", load_in_8bit=True, dtype=torch.bfloat16).half()
        """;

    assertThat(values(of("train.py", program + TRAINS))).containsEntry("model.dtype", "bf16");
  }

  @Test
  void a_list_that_a_field_of_a_class_makes_is_its_default() {
    String program =
        """
        @dataclass
        class LoraArgs:
            r: int = 16
            target_modules: list = field(default_factory=lambda: [
                "q_proj", "k_proj",
            ])
        lora_args = LoraArgs()
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        model = get_peft_model(
            model, LoraConfig(r=lora_args.r, target_modules=lora_args.target_modules))
        """;

    assertThat(values(of("train.py", program + TRAINS)))
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("q_proj", "k_proj"));
  }

  @Test
  void a_function_that_only_a_branch_calls_which_does_not_run_is_left_out() {
    String program =
        """
        def adapters(name):
            model = get_peft_model(AutoModelForCausalLM.from_pretrained(name), LoraConfig(r=8))
            SFTTrainer(model=model, args=SFTConfig(per_device_train_batch_size=2)).train()
        def whole(name):
            model = AutoModelForCausalLM.from_pretrained(name)
            SFTTrainer(model=model, args=SFTConfig(per_device_train_batch_size=4)).train()
        parser = argparse.ArgumentParser()
        parser.add_argument("--lora", action="store_%s")
        args = parser.parse_args()
        if args.lora:
            adapters("Qwen/Qwen3-4B")
        else:
            whole("Qwen/Qwen3-4B")
        """;
    Reading whole = of("train.py", program.formatted("true"));

    assertThat(values(whole)).containsEntry("method", "full").containsEntry("batch.micro_batch", 4);
    assertThat(keys(whole, FindingCode.ASSUMED)).contains("if");
    assertThat(values(of("train.py", program.formatted("false"))))
        .containsEntry("method", "lora")
        .containsEntry("batch.micro_batch", 2);
  }

  @Test
  void a_model_that_stays_loaded_beside_the_trained_one_is_told_of() {
    String program =
        """
        teacher = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        """;
    String after = "merged = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-8B')\n";

    assertThat(keys(of("train.py", program + TRAINS), FindingCode.NOT_COUNTED)).contains("teacher");
    assertThat(keys(of("train.py", program + "del teacher\n" + TRAINS), FindingCode.NOT_COUNTED))
        .doesNotContain("teacher");
    assertThat(keys(of("train.py", program + TRAINS + after), FindingCode.NOT_COUNTED))
        .doesNotContain("merged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRAINSdel teacher\n", "del teacher.head\nTRAINS"})
  void a_model_that_is_not_deleted_before_the_training_stays_beside_it(String rest) {
    String program =
        """
        teacher = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        """;

    assertThat(
            keys(of("train.py", program + rest.replace("TRAINS", TRAINS)), FindingCode.NOT_COUNTED))
        .contains("teacher");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@app.command()\ndef launch():\nBODYif False:\n    launch()\napp()\n",
        "class Job(base.Job):\n  def launch(self):\nBODYif False:\n    launch()\nJob().run()\n",
        "def launch():\nBODYif False:\n    other.launch()\nstart(globals())\n"
      })
  void a_function_that_others_may_call_is_read(String program) {
    String body =
        """
            model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
            SFTTrainer(model=model, args=SFTConfig(max_length=512)).train()
        """;

    assertThat(values(of("train.py", program.replace("BODY", body))))
        .containsEntry("model.id", "Qwen/Qwen3-4B");
  }

  @Test
  void what_another_module_loads_and_adapts_is_not_said_to_be_what_trl_does() {
    String program =
        "model, adapters = prepared()\n"
            + "SFTTrainer('Qwen/Qwen3-4B' if small else model, peft_config=adapters).train()\n";
    String handed = program.replace("'Qwen/Qwen3-4B' if small else ", "");
    Reading reading = of("train.py", handed);

    assertThat(keys(reading, FindingCode.ASSUMED)).contains("model.dtype", "method");
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT)).doesNotContain("dtype");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"path.as_posix()", "Path(args.model)", "str(path.resolve())", "os.fspath(path)"})
  void a_path_is_the_text_that_it_is_made_of(String path) {
    String program =
        """
        parser.add_argument("--model", default="models/Qwen3-4B")
        args = parser.parse_args()
        path = Path(args.model)
        model = AutoModelForCausalLM.from_pretrained(%s)
        """;

    assertThat(values(of("train.py", program.formatted(path) + TRAINS)))
        .containsEntry("model.id", "models/Qwen3-4B");
  }

  @Test
  void one_call_of_a_tokenizer_cuts_what_is_read_and_what_is_written() {
    String program =
        """
        def cut(rows):
            return tokenizer(rows["a"], text_target=rows["b"], max_length=128, truncation=True)
        model = AutoModelForSeq2SeqLM.from_pretrained("google/flan-t5-small")
        args = Seq2SeqTrainingArguments(per_device_train_batch_size=8)
        Seq2SeqTrainer(model=model, args=args, train_dataset=data.map(cut)).train()
        """;

    assertThat(values(of("train.py", program)))
        .containsEntry("batch.sequence_length", 128)
        .containsEntry("objective.completion_length", 128);
  }

  @Test
  void several_cards_that_a_program_shows_itself_are_told_of() {
    String program =
        "os.environ['CUDA_VISIBLE_DEVICES'] = '0,1'\n"
            + "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', device_map='auto')\n";

    assertThat(keys(of("train.py", program + TRAINS), FindingCode.NOT_COUNTED))
        .contains("environ.CUDA_VISIBLE_DEVICES");
  }

  @ParameterizedTest
  @CsvSource({"get_bnb_config(), true", "QUANTISED, true", "None, false"})
  void a_quantisation_of_another_module_is_told_of(String made, boolean told) {
    String program =
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B', quantization_config=%s)\n";

    assertThat(keys(of("train.py", program.formatted(made) + TRAINS), FindingCode.ASSUMED))
        .satisfies(keys -> assertThat(keys.contains("model.quantization.scheme")).isEqualTo(told));
  }

  @Test
  void what_trl_makes_of_its_options_is_no_quantisation_of_another_module() {
    String program =
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B',"
            + " quantization_config=get_quantization_config(model_args))\n";

    assertThat(keys(of("train.py", program + TRAINS), FindingCode.ASSUMED))
        .doesNotContain("model.quantization.scheme");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "google/gemma-2-9b", "me/gpt2-medium-tuned", "Qwen/Qwen3-4B"})
  void one_of_which_no_dtype_is_said_has_that_of_the_checkpoint_whatever_its_name(String id) {
    String loads = "model = AutoModelForCausalLM.from_pretrained('" + id + "')\n";
    String named = loads.replace("')", "', dtype='auto')");

    assertThat(values(of("train.py", loads + TRAINS))).containsEntry("model.dtype", "auto");
    assertThat(values(of("train.py", named + TRAINS))).containsEntry("model.dtype", "auto");
    String plain = loads + "Trainer(model=model, args=TrainingArguments('out')).train()";
    assertThat(values(of("train.py", plain))).doesNotContainKey("model.dtype");
    String quantised =
        loads.replace("')", "', quantization_config=BitsAndBytesConfig(load_in_4bit=True))");
    assertThat(values(of("train.py", quantised + TRAINS))).containsEntry("model.dtype", "auto");
  }

  @ParameterizedTest
  @CsvSource({"'', pure", "', dtype=\"auto\"', pure", "', dtype=torch.float16', fp16"})
  void without_autocast_it_is_computed_in_as_it_is_loaded(String dtype, String precision) {
    String program =
        "model = AutoModelForCausalLM.from_pretrained('Qwen/Qwen3-4B'" + dtype + ")\n" + TRAINS;
    String off = program.replace("max_length=512", "max_length=512, bf16=False");

    assertThat(values(of("train.py", off))).containsEntry("precision", precision);
  }
}
