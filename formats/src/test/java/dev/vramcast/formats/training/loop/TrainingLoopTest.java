package dev.vramcast.formats.training.loop;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.job.document.JobKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs without a trainer, whose loop over batches is their own. */
class TrainingLoopTest {

  private static final String PLAIN =
      """
      import argparse, torch
      from torch.utils.data import DataLoader
      from transformers import AutoModelForCausalLM, AutoTokenizer

      def main(args):
          model = AutoModelForCausalLM.from_pretrained("a/b", torch_dtype=torch.bfloat16)
          tokenizer = AutoTokenizer.from_pretrained("a/b")
          rows = data.map(lambda row: tokenizer(
              row["text"], truncation=True, padding="max_length", max_length=768))
          train_loader = DataLoader(rows["train"], batch_size=args.batch_size, shuffle=True)
          eval_loader = DataLoader(rows["test"], batch_size=32)
          optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5)
          model.train()
          for epoch in range(2):
              for step, batch in enumerate(train_loader):
                  outputs = model(**batch)
                  loss = outputs.loss / args.steps
                  loss.backward()
                  if (step + 1) % args.steps == 0:
                      optimizer.step()
                      optimizer.zero_grad()

      parser = argparse.ArgumentParser()
      parser.add_argument("--batch_size", type=int, default=4)
      parser.add_argument("--steps", type=int, default=8)
      main(parser.parse_args())
      """;

  private static final String ACCELERATED =
      """
      import bitsandbytes as bnb
      from accelerate import Accelerator
      from peft import LoraConfig, get_peft_model
      from torch.utils.data import DataLoader
      from transformers import AutoModelForCausalLM

      accelerator = Accelerator(gradient_accumulation_steps=4, mixed_precision="bf16")
      model = AutoModelForCausalLM.from_pretrained("a/b")
      model.gradient_checkpointing_enable()
      model = get_peft_model(model, LoraConfig(r=16, target_modules=["q_proj"]))
      loader = DataLoader(rows, batch_size=2)
      optimizer = bnb.optim.PagedAdamW8bit(model.parameters(), lr=1e-4)
      model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
      model.train()
      for batch in loader:
          with accelerator.accumulate(model):
              loss = model(**batch).loss
              accelerator.backward(loss)
              optimizer.step()
              optimizer.zero_grad()
      """;

  @Test
  void a_loop_over_batches_of_a_loader_is_read_with_what_arguments_say() {
    assertThat(values(of("a.py", PLAIN)))
        .containsEntry("model.id", "a/b")
        .containsEntry("method", "full")
        .containsEntry("batch.micro_batch", 4)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 768)
        .containsEntry("optimizer.name", "adamw")
        .containsEntry("data.epochs", 2L)
        .containsEntry("model.dtype", "bf16");
    assertThat(of("a.py", PLAIN).document().text(JobKey.FRAMEWORK_NAME))
        .contains("transformers-loop");
    assertThat(of("a.py", PLAIN).findings())
        .extracting(Object::toString)
        .anyMatch(found -> found.contains("in this loop of its own"));
  }

  @Test
  void a_loop_of_accelerate_is_read_with_what_it_is_told() {
    assertThat(values(of("a.py", ACCELERATED)))
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 16)
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.grad_accum", 4)
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("optimizer.name", "paged-adamw-8bit")
        .containsEntry("data.epochs", 1L)
        .containsEntry("checkpointing", "full");
    assertThat(of("a.py", ACCELERATED).document().text(JobKey.FRAMEWORK_NAME))
        .contains("accelerate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch.autocast('cuda', dtype=torch.bfloat16) | bf16-mixed",
        "torch.cuda.amp.autocast() | fp16-mixed",
        "torch.autocast(device_type='cuda', enabled=False) | ",
      })
  void autocast_around_the_pass_is_its_precision(String context, String precision) {
    String program =
        PLAIN.replace(
            "outputs = model(**batch)",
            "with %s:\n                outputs = model(**batch)".formatted(context));

    assertThat(values(of("a.py", program)).get("precision")).isEqualTo(precision);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loss = outputs.loss / args.steps | loss = loss_fn(outputs.logits, y) | makes its loss",
        "loss.backward() | loss.backward(); loss.backward() if x else loss.backward() | ",
        "torch.optim.AdamW( | Sophia( | optimizer",
        "torch.optim.AdamW( | torch.optim.SGD(momentum=0.9, params= | optimizer",
        "(step + 1) % args.steps == 0 | ready(step) | condition",
        "model(**batch) | model(**tokenizer(batch)) | inputs",
        "enumerate(train_loader) | enumerate(range(len(train_loader))) | DataLoader",
        "import argparse, torch | import argparse, torch; x = DDP(m) | spreads",
        "enumerate(train_loader) | enumerate(stream()) | DataLoader",
        "enumerate(train_loader) | enumerate(stream) | DataLoader",
        "outputs.loss | outputs['logits'] | the loss",
        "zero_grad() | zero_grad(set_to_none=False) | drop gradients",
        "zero_grad() | zero_grad(False) | drop gradients",
        "model.train() | torch.autocast('cuda').__enter__() | autocast",
        "loss.backward() | fabric.backward(loss) | backward pass is not followed",
        "loss.backward() | loss.backward(); continue | leaves a round",
        "loss = outputs.loss / args.steps | loss = own(outputs, batch['input_ids']) | the loss",
        "    optimizer.step() | optimizer.step() if step else None | one row",
        "lr=1e-5) | lr=1e-5, foreach=False) | optimizer",
        "AdamW(model.parameters() | AdamW(model.lm_head.parameters() | optimizer",
        "torch.optim.AdamW(model.parameters(), lr | torch.optim.Adam(model.parameters(), "
            + "weight_decay=0.1, lr | optimizer",
      })
  void a_loop_that_does_more_is_refused_with_what_it_is(String plain, String other, String why) {
    String program = PLAIN.replace(plain, other).replace("eval_loader =", "other_train =");

    assertThatThrownBy(() -> of("a.py", program))
        .hasMessageContaining("trains in a loop of its own")
        .hasMessageContaining(why == null ? "" : why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "torch.autocast('cuda', torch.bfloat16)",
        "torch.cuda.amp.autocast(False)",
        "torch.autocast('cuda', cache_enabled=False)",
        "torch.autocast('cpu')",
        "torch.autocast(device_type='cpu', dtype=torch.bfloat16)",
        "fabric.autocast()",
        "torch.autocast('cuda'), own(model)",
      })
  void autocast_by_other_arguments_is_refused(String context) {
    String program =
        PLAIN.replace(
            "outputs = model(**batch)",
            "with %s:\n                outputs = model(**batch)".formatted(context));

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("not followed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "with accelerator.accumulate(model), torch.autocast('cuda'):",
        "with (accelerator.accumulate(model), own(model)):",
        "with torch.autocast('cuda'), torch.autocast('cuda', enabled=False):",
      })
  void a_context_beside_another_one_is_not_passed_over(String head) {
    String program = ACCELERATED.replace("with accelerator.accumulate(model):", head);

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("not followed");
  }

  @Test
  void autocast_of_accelerate_around_the_pass_is_what_it_runs_the_pass_in() {
    String program =
        ACCELERATED.replace(
            "accelerator.accumulate(model):",
            "accelerator.accumulate(model), accelerator.autocast():");

    assertThat(values(of("a.py", program))).isEqualTo(values(of("a.py", ACCELERATED)));
  }

  @Test
  void autocast_inside_of_another_is_refused() {
    String program =
        PLAIN.replace(
            "outputs = model(**batch)",
            "with torch.autocast('cuda', enabled=False):\n"
                + "                with torch.autocast('cuda', dtype=torch.bfloat16):\n"
                + "                    outputs = model(**batch)");

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("several contexts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train(model, eval_loader, train_loader) | 4",
        "train(model, loader=train_loader, other=eval_loader) | 4",
        "train(model, train_loader, eval_loader) | 32",
      })
  void a_loader_is_followed_through_the_function_that_is_handed_it(String call, int batch) {
    String program =
        PLAIN
            .replace(
                "    for epoch",
                "    " + call + "\n\ndef train(model, other, loader):\n    for epoch")
            .replace("def main(args)", "def main()")
            .replace("main(parser", "args = (parser")
            .replace("enumerate(train_loader)", "tqdm(loader)")
            .replace("for step, batch", "for batch")
            .replace("(step + 1) % args.steps == 0", "True")
            .replace("        if True:\n                ", "        ")
            .replace("        optimizer.zero_grad", "    optimizer.zero_grad");

    assertThat(values(of("a.py", program))).containsEntry("batch.micro_batch", batch);
  }

  @Test
  void a_context_around_the_backward_pass_is_refused() {
    String program =
        PLAIN.replace(
            "            loss.backward()",
            "            with amp.scale_loss(loss, optimizer) as scaled:\n"
                + "                scaled.backward()");

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("around its backward pass");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"transformers", "bitsandbytes.optim"})
  void an_optimizer_imported_over_several_rows_is_not_pytorch_s(String module) {
    String program =
        "from %s import (\n    AdamW,\n)\n".formatted(module)
            + PLAIN.replace("torch.optim.AdamW(", "AdamW(");

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("optimizer");
  }

  @Test
  void an_optimizer_told_to_work_on_all_tensors_at_once_does_what_it_does_unasked() {
    assertThat(values(of("a.py", PLAIN.replace("lr=1e-5", "lr=1e-5, foreach=True"))))
        .isEqualTo(values(of("a.py", PLAIN)));
  }

  @Test
  void gradients_that_stay_through_the_next_pass_are_not_counted_as_others() {
    String program =
        PLAIN
            .replace("loss.backward()", "optimizer.zero_grad()\n            loss.backward()")
            .replace("optimizer.zero_grad()\n\nparser", "print(step)\n\nparser");

    assertThatThrownBy(() -> of("a.py", program)).hasMessageContaining("gradients of a step stay");
  }
}
