package dev.vramcast.validation.cases;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** The case files that are part of this module. */
public enum ShippedCases {
  /** Real training code run on fake tensors, every storage counted. */
  EXACT("exact.jsonl"),
  /** The trainers of Transformers and TRL as people call them, counted by validation/measure. */
  TRAINERS("trainers.jsonl"),
  /** TRL's trainers of preferences, rewards and generated completions, counted like the exact. */
  PREFERENCE("preference.jsonl"),
  /** Random jobs of these trainers and of distillation, counted by validation/measure. */
  STAGES("stages.jsonl"),
  /** Random jobs on texts with images, counted by validation/measure. */
  IMAGES("images.jsonl"),
  /** Random jobs whose ranks share sequences, counted by validation/measure. */
  SEQUENCES("sequences.jsonl"),
  /** Random jobs under optimizers of packages, counted by validation/measure. */
  OPTIMIZERS("optimizers.jsonl"),
  /** Random jobs of PEFT's adapters other than LoRA, counted by validation/measure. */
  ADAPTERS("adapters.jsonl"),
  /** Random jobs of sentence-transformers' trainer, counted by validation/measure. */
  EMBEDDINGS("embeddings.jsonl"),
  /** Random fine-tunes of Whisper, counted by validation/measure. */
  SOUND("sound.jsonl"),
  /** Random fine-tunes of encoder-decoders of text, counted by validation/measure. */
  SEQ2SEQ("seq2seq.jsonl"),
  /** Random jobs that save, go on and merge, counted by validation/measure. */
  LIFE("life.jsonl"),
  /** Small models of each type that the libraries have, counted by validation/measure. */
  TYPES("types.jsonl"),
  /** What PyTorch's own allocator reserves for the trainers' real operations. */
  RESERVED("reserved.jsonl"),
  /** Figures that others published from real GPUs. */
  MEASURED("measured.jsonl"),
  /** Such figures that were collected when the model had been written, with those of drivers. */
  PUBLISHED("published.jsonl"),
  /** Speeds that others published. */
  THROUGHPUT("throughput.jsonl");

  private final String file;

  /** Those in which every byte of real code was counted on fake tensors. */
  public static ShippedCases[] counted() {
    return new ShippedCases[] {
      EXACT,
      TRAINERS,
      PREFERENCE,
      STAGES,
      IMAGES,
      SEQUENCES,
      OPTIMIZERS,
      ADAPTERS,
      EMBEDDINGS,
      SOUND,
      SEQ2SEQ,
      LIFE
    };
  }

  ShippedCases(String file) {
    this.file = file;
  }

  /** What its cases are about, e.g. {@code images}. */
  public String subject() {
    return file.substring(0, file.indexOf('.'));
  }

  /** Hands each case to {@code sink}, in order. */
  public void read(Consumer<Case> sink) {
    try (InputStream in = ShippedCases.class.getResourceAsStream(file)) {
      new CaseReader().read(in, file, sink);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
