package dev.vramcast.validation.cases;

import java.util.List;

/**
 * Equal tensors that a measured run had at a time.
 *
 * @param module path of the module that made them, empty where none did
 * @param operation of PyTorch, e.g. {@code aten.mm.default}
 * @param dtype as job documents call it where they do, e.g. {@code bf16}
 * @param elements of one
 * @param bytes of all
 * @param code file and line, the innermost first
 */
public record MeasuredTensor(
    String module,
    String operation,
    String dtype,
    long elements,
    long count,
    long bytes,
    List<String> code) {

  public MeasuredTensor {
    code = List.copyOf(code);
  }
}
