package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long programs make the rows that they hand a trainer. */
class TokenizedRowsTest {

  private static final String LENGTH = "batch.sequence_length";

  private static final String TRAINS =
      """
      model = AutoModelForSequenceClassification.from_pretrained("bert-base-uncased")
      Trainer(model=model, args=TrainingArguments("out")).train()
      """;

  @Test
  void a_call_that_shows_a_tokenizer_is_not_the_one_that_makes_the_rows() {
    String shows = "print(tokenizer('A text'))\ntokenizer('Another', truncation=False)\n";
    String makes = "rows = data.map(lambda x: tokenizer(x, truncation=True, max_length=340))\n";

    assertThat(values(of("train.py", shows + makes + TRAINS))).containsEntry(LENGTH, 340);
  }

  @Test
  void the_first_call_that_cuts_counts() {
    String makes = "rows = data.map(lambda x: tokenizer(x, truncation=True, max_length=340))\n";
    String asks = "tokenizer('A question', truncation=True, max_length=64)\n";

    assertThat(values(of("train.py", makes + TRAINS + asks))).containsEntry(LENGTH, 340);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased', model_max_length=192)\n",
        "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased')\n"
            + "tokenizer.model_max_length = 192\n"
      })
  void a_tokenizer_cuts_at_its_own_limit_where_a_call_says_no_other(String loads) {
    String makes = "rows = data.map(lambda x: tokenizer(x, truncation=True))\n";
    assertThat(values(of("train.py", loads + makes + TRAINS))).containsEntry(LENGTH, 192);

    String cutsElsewhere = makes.replace("=True", "=True, max_length=64");
    assertThat(values(of("train.py", loads + cutsElsewhere + TRAINS))).containsEntry(LENGTH, 64);

    String cutsNothing = makes.replace("=True", "=False");
    assertThat(values(of("train.py", loads + cutsNothing + TRAINS))).doesNotContainKey(LENGTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "        input_ids = input_ids[:MAX_LENGTH]\n",
        "        row = {'input_ids': input_ids[: MAX_LENGTH], 'labels': labels}\n",
        "        row['input_ids'] = row['input_ids'][:MAX_LENGTH]\n"
      })
  void rows_are_as_long_as_a_program_slices_them(String slices) {
    String rows =
        "def rows(example):\n    MAX_LENGTH = 384\n    if len(input_ids) > MAX_LENGTH:\n" + slices;

    assertThat(values(of("train.py", rows + TRAINS))).containsEntry(LENGTH, 384);
    assertThat(values(of("train.py", rows.replace("= 384", "= longest(data)") + TRAINS)))
        .doesNotContainKey(LENGTH);
    String commented = rows.replaceAll("( +)(?=input_ids =|row)", "$1pass  # ");
    assertThat(values(of("train.py", commented + TRAINS))).doesNotContainKey(LENGTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "def rows(x):~    return {'input_ids': ids[:384]}~",
        "LONGEST = 384~rows = data.map(lambda x: {'input_ids': x['input_ids'][:LONGEST]})~",
        "def rows(x):~    return tokenize(input_ids=x.ids[:384], labels=x.ids[:384])~",
        "def rows(x):~    a = {'input_ids': x[:384]}~    return {'input_ids': a[:384]}~",
      })
  void a_slice_may_be_a_number_and_part_of_an_expression(String rows) {
    assertThat(values(of("train.py", rows.replace("~", "\n") + TRAINS))).containsEntry(LENGTH, 384);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PREVIEW = 16~sample = {'input_ids': ids[:PREVIEW]}~print(sample)~",
        "longest = 128~def rows(x, longest):~    return {'input_ids': x[:longest]}~",
        "longest = 128~def rows(x):~    \"\"\"~    input_ids = input_ids[:longest]~    \"\"\"~",
        "def a(x):~    return {'input_ids': x[:64]}~def b(x):~    return {'input_ids': x[:32]}~",
        "def a(x, n):~    return {'input_ids': x[:n]}~def b(x):~    return {'input_ids': x[:32]}~",
        "demo = tokenizer('hello', truncation=True, max_length=16)~",
        "demo = tokenizer(['hello', 'you'], truncation=True, max_length=16)~",
      })
  void rows_that_are_not_known_to_be_cut_so_are_left_open(String rows) {
    assertThat(values(of("train.py", rows.replace("~", "\n") + TRAINS))).doesNotContainKey(LENGTH);
  }

  @Test
  void a_call_that_cuts_a_text_that_is_written_out_does_not_make_the_rows() {
    String shows = "demo = tokenizer('hello', truncation=True, max_length=16)\n";
    String makes = "rows = data.map(lambda x: tokenizer(x, truncation=True, max_length=340))\n";

    assertThat(values(of("train.py", shows + makes + TRAINS))).containsEntry(LENGTH, 340);
  }

  @Test
  void a_length_that_an_object_of_rows_is_made_with_is_that_of_its_rows() {
    String rows =
        """
        class Rows:
            def __init__(self, texts, tokenizer, longest=96):
                self.longest = longest
            def __getitem__(self, at):
                return self.tokenizer(self.texts[at], truncation=True, max_length=self.longest)
        class Judge:
            def __init__(self, name):
                self.name = name
        """;

    assertThat(values(of("train.py", rows + "r = Rows(texts, tokenizer)\n" + TRAINS)))
        .containsEntry(LENGTH, 96);
    assertThat(values(of("train.py", rows + "r = Rows(texts, tokenizer, longest=72)\n" + TRAINS)))
        .containsEntry(LENGTH, 72);
    String two = "r = Rows(texts, tokenizer, 72)\ne = Rows(texts, tokenizer, 48)\n";
    assertThat(values(of("train.py", rows + two + TRAINS))).doesNotContainKey(LENGTH);
  }

  @Test
  void a_trainer_that_prepares_no_rows_cuts_none() {
    String program =
        """
        model = AutoModelForVision2Seq.from_pretrained("Qwen/Qwen2-VL-7B-Instruct")
        args = SFTConfig("out", dataset_kwargs={"skip_prepare_dataset": True})
        SFTTrainer(model=model, args=args).train()
        """;

    assertThat(keys(of("train.py", program), FindingCode.ASSUMED)).contains(LENGTH);
    assertThat(keys(of("train.py", program.replace("True", "False")), FindingCode.ASSUMED))
        .doesNotContain(LENGTH);
    String cut = program.replace("\"out\"", "\"out\", max_length=768");
    assertThat(values(of("train.py", cut))).containsEntry(LENGTH, 768);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.map(encode)", "rows.map(function=encode, batched=True)"})
  void rows_that_are_cut_before_are_no_longer_for_trl(String maps) {
    String cuts =
        """
        def encode(row):
            return tokenizer(row["text"], truncation=True, max_length=340)
        """;
    String trains =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B")
        SFTTrainer(model=model, args=SFTConfig("out"%s)).train()
        """;

    assertThat(values(of("train.py", cuts + maps + "\n" + trains.formatted(""))))
        .containsEntry(LENGTH, 340);
    assertThat(values(of("train.py", cuts + trains.formatted("")))).doesNotContainKey(LENGTH);
    assertThat(values(of("train.py", cuts + maps + "\n" + trains.formatted(", max_length=512"))))
        .containsEntry(LENGTH, 512);
  }

  @Test
  void a_list_that_is_filled_is_no_text_that_shows_a_tokenizer() {
    String makes =
        """
        texts = []
        for row in data:
            texts.append(row["text"])
        rows = tokenizer(texts, truncation=True, max_length=340)
        """;

    assertThat(values(of("train.py", makes + TRAINS))).containsEntry(LENGTH, 340);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.map(encode)", "rows.map(lambda row: encode(row, 1), batched=True)"})
  void rows_that_are_padded_to_less_than_the_limit_are_so_long(String maps) {
    String cuts =
        """
        def encode(row):
            return tokenizer(row["text"], truncation=True, max_length=340, padding="max_length")
        """;
    String trl =
        """
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen2.5-0.5B")
        SFTTrainer(model=model, args=SFTConfig("out", max_length=LIMIT)).train()
        """;
    String unsloth =
        """
        model, tok = FastLanguageModel.from_pretrained("unsloth/Qwen3-4B", max_seq_length=LIMIT)
        SFTTrainer(model=model, max_seq_length=LIMIT, args=TrainingArguments("out")).train()
        """;

    for (String trains : List.of(trl, unsloth)) {
      String program = cuts + maps + "\n" + trains;
      assertThat(values(of("train.py", program.replace("LIMIT", "512"))))
          .containsEntry(LENGTH, 340);
      assertThat(values(of("train.py", program.replace("LIMIT", "256"))))
          .containsEntry(LENGTH, 256);
      String unmapped = cuts + trains.replace("LIMIT", "512");
      assertThat(values(of("train.py", unmapped))).containsEntry(LENGTH, 512);
    }
  }

  @Test
  void prompts_and_answers_that_a_collator_cuts_are_as_long_together() {
    String program =
        """
        source = 384
        model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-4B")
        collator = OwnCollator(tokenizer, source_max_len=source, target_max_len=128)
        args = TrainingArguments("out")
        Trainer(model=model, args=args, data_collator=collator).train()
        """;
    assertThat(values(of("train.py", program))).containsEntry("batch.sequence_length", 512);
    assertThat(values(of("train.py", program.replace("source = 384", ""))))
        .doesNotContainKey("batch.sequence_length");
  }
}
