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
  MODEL("model", Type.TEXT),
  METHOD("method", Type.TEXT),
  QUANTIZATION("quantization", Type.TEXT),
  PRECISION("precision", Type.TEXT),
  LORA_RANK("lora_rank", Type.WHOLE),
  OPTIMIZER("optimizer", Type.TEXT),
  MICRO_BATCH("micro_batch", Type.WHOLE),
  GRAD_ACCUM("grad_accum", Type.WHOLE),
  SEQUENCE_LENGTH("sequence_length", Type.WHOLE),
  CHECKPOINTING("checkpointing", Type.TEXT),
  ATTENTION("attention", Type.TEXT),
  LOSS("loss", Type.TEXT),
  STRATEGY("strategy", Type.TEXT),
  FRAMEWORK("framework", Type.TEXT),
  OTHER_SETTINGS("other_settings", Type.TEXT),
  GPU("gpu", Type.TEXT),
  GPU_COUNT("gpu_count", Type.WHOLE),
  PROVIDER("provider", Type.TEXT),
  INSTANCE("instance", Type.TEXT),
  REGION("region", Type.TEXT),
  PURCHASE("purchase", Type.TEXT),
  ALLOCATED_BYTES("allocated_bytes", Type.WHOLE),
  RESERVED_BYTES("reserved_bytes", Type.WHOLE),
  DEVICE_BYTES("device_bytes", Type.WHOLE),
  NEEDED_BYTES("needed_bytes", Type.WHOLE),
  LOW_BYTES("low_bytes", Type.WHOLE),
  HIGH_BYTES("high_bytes", Type.WHOLE),
  USABLE_BYTES("usable_bytes", Type.WHOLE),
  VERDICT("verdict", Type.TEXT),
  CHANCE("chance", Type.DECIMAL),
  TOKENS_PER_SECOND("tokens_per_second", Type.DECIMAL),
  TOKENS("tokens", Type.DECIMAL),
  HOURS("hours", Type.DECIMAL),
  USD_PER_HOUR("usd_per_hour", Type.DECIMAL),
  PRICE_DATE("price_date", Type.TEXT),
  USD("usd", Type.DECIMAL),
  ERROR("error", Type.TEXT);

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

  Column(String label, Type type) {
    this.label = label;
    this.type = type;
  }

  /** The name in a table, e.g. {@code allocated_bytes}. */
  public String label() {
    return label;
  }

  public Type type() {
    return type;
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
