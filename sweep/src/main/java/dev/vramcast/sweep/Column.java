package dev.vramcast.sweep;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A column of the table that a sweep makes. A cell may be empty, and the order is fixed. */
public enum Column {
  MODEL("model", Type.TEXT, "name as the job gives it"),
  METHOD("method", Type.TEXT, "what is trained, and how"),
  QUANTIZATION("quantization", Type.TEXT, "storage of the frozen base"),
  PRECISION("precision", Type.TEXT, "dtype of compute; -mixed is autocast"),
  LORA_RANK("lora_rank", Type.WHOLE, "rank of the adapters; empty without any"),
  OPTIMIZER("optimizer", Type.TEXT, "the update rule"),
  MICRO_BATCH("micro_batch", Type.WHOLE, "sequences per GPU and forward pass"),
  GRAD_ACCUM("grad_accum", Type.WHOLE, "micro-batches per optimizer step"),
  SEQUENCE_LENGTH("sequence_length", Type.WHOLE, "tokens of a sequence"),
  CHECKPOINTING("checkpointing", Type.TEXT, "activation checkpointing"),
  ATTENTION("attention", Type.TEXT, "attention implementation"),
  LOSS("loss", Type.TEXT, "how logits and cross-entropy are computed"),
  STRATEGY("strategy", Type.TEXT, "how work is spread over GPUs"),
  FRAMEWORK("framework", Type.TEXT, "who runs the job"),
  OTHER_SETTINGS(
      "other_settings", Type.TEXT, "keys of the job without a column, as key=value; ..."),
  GPU("gpu", Type.TEXT, "name in the catalogue"),
  GPU_COUNT("gpu_count", Type.WHOLE, "GPUs in all"),
  PROVIDER("provider", Type.TEXT, "who rents the machine out"),
  INSTANCE("instance", Type.TEXT, "the provider's name for the machine"),
  REGION("region", Type.TEXT, "region or zone"),
  PURCHASE("purchase", Type.TEXT, "on-demand or spot"),
  ALLOCATED_BYTES(
      "allocated_bytes", Type.WHOLE, "bytes: peak of what PyTorch's allocator gave out"),
  RESERVED_BYTES("reserved_bytes", Type.WHOLE, "bytes: what it takes from the driver"),
  DEVICE_BYTES("device_bytes", Type.WHOLE, "bytes: what readings of the driver show"),
  NEEDED_BYTES("needed_bytes", Type.WHOLE, "bytes: what the driver has to give at least"),
  LOW_BYTES("low_bytes", Type.WHOLE, "bytes: low end of the range about needed_bytes"),
  HIGH_BYTES("high_bytes", Type.WHOLE, "bytes: high end of it"),
  USABLE_BYTES("usable_bytes", Type.WHOLE, "bytes of one card"),
  VERDICT("verdict", Type.TEXT, "fits, tight, does not fit or not modelled"),
  CHANCE("chance", Type.DECIMAL, "that it fits, by the errors on such runs; 0 to 1"),
  TOKENS_PER_SECOND("tokens_per_second", Type.DECIMAL, "of all GPUs, padding included"),
  TOKENS("tokens", Type.DECIMAL, "of the whole run, without padding"),
  HOURS("hours", Type.DECIMAL, "hours of the whole run"),
  USD_PER_HOUR(
      "usd_per_hour",
      Type.DECIMAL,
      "US dollars an hour, of the whole machine, or of all that the job has"),
  PRICE_DATE("price_date", Type.TEXT, "day, or first and last day, on which the price was asked"),
  USD("usd", Type.DECIMAL, "US dollars of the whole run; on spot what is expected"),
  ERROR("error", Type.TEXT, "why the row, or the rest of it, is empty");

  /** What cells hold. */
  public enum Type {
    /** A {@code String}. */
    TEXT,
    /** A {@code Long}. */
    WHOLE,
    /** A {@code Double}. */
    DECIMAL
  }

  private static final List<Column> ALL = List.of(values());

  private final String label;
  private final Type type;
  private final String description;

  Column(String label, Type type, String description) {
    this.label = label;
    this.type = type;
    this.description = description;
  }

  /** The name in a table, e.g. {@code allocated_bytes}. */
  public String label() {
    return label;
  }

  public Type type() {
    return type;
  }

  /** What it says, with its unit. */
  public String description() {
    return description;
  }

  /** All columns in their order. */
  public static List<Column> all() {
    return ALL;
  }

  /**
   * Columns by their names with commas between them, in that order.
   *
   * @param option for messages
   * @throws InputException when a name is unknown or given twice
   */
  public static List<Column> list(String names, Subject option) {
    List<Column> columns = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      Column column = of(name.strip()).orElseThrow(() -> unknown(name.strip(), option));
      if (columns.contains(column)) {
        throw InputError.about(option).and(" has ", column.label, " twice").refusal();
      }
      columns.add(column);
    }
    return columns;
  }

  private static InputException unknown(String name, Subject option) {
    List<String> labels = ALL.stream().map(Column::label).toList();
    return InputError.about(option)
        .has(name)
        .allowed(String.join(", ", labels))
        .near(name, labels)
        .refusal();
  }

  /** The column of a name. */
  public static Optional<Column> of(String label) {
    return Arrays.stream(values()).filter(column -> column.label.equals(label)).findFirst();
  }
}
