package dev.vramcast.core.trace;

import org.jspecify.annotations.Nullable;

/**
 * A module of the model, as its parent names it. Paths are put together when they are asked for, so
 * that entering a module costs nothing but a reference.
 *
 * <p>What no module makes stands under a word in parentheses, e.g. {@code (optimizer)}.
 */
public final class ModuleScope {

  /** The whole model, whose code is not known. */
  public static final ModuleScope MODEL = new ModuleScope(null, "", "", "", "");

  /** Null of what stands at the top. */
  private final @Nullable ModuleScope parent;

  private final String name;

  /** Where the model's own classes are, and how their names begin. */
  private final String modelingFile;

  private final String classPrefix;
  private final String code;

  /** A module of its own, though its path does not tell. */
  private final boolean wrapped;

  /** Null until somebody asks for it. */
  private @Nullable ModuleScope inner;

  private ModuleScope(
      @Nullable ModuleScope parent,
      String name,
      String modelingFile,
      String classPrefix,
      String code) {
    this(parent, name, modelingFile, classPrefix, code, false);
  }

  private ModuleScope(
      @Nullable ModuleScope parent,
      String name,
      String modelingFile,
      String classPrefix,
      String code,
      boolean wrapped) {
    this.wrapped = wrapped;
    this.parent = parent;
    this.name = name;
    this.modelingFile = modelingFile;
    this.classPrefix = classPrefix;
    this.code = code;
  }

  /**
   * The whole model.
   *
   * @param modelingFile of its classes, e.g. {@code transformers/models/llama/modeling_llama.py}
   * @param classPrefix e.g. {@code Llama}
   */
  public static ModuleScope model(String modelingFile, String classPrefix) {
    return new ModuleScope(null, "", modelingFile, classPrefix, "");
  }

  /**
   * What is no module of the model.
   *
   * @param word e.g. {@code optimizer}
   * @param code file and function
   */
  public static ModuleScope outside(String word, String code) {
    return new ModuleScope(null, "(" + word + ")", "", "", code);
  }

  /**
   * A module below this one whose class is the model's own.
   *
   * @param path below this module, e.g. {@code self_attn}; empty for this module itself
   * @param member class and function without the model's prefix, e.g. {@code Attention.forward}
   */
  public ModuleScope own(String path, String member) {
    return new ModuleScope(this, path, modelingFile, classPrefix, member);
  }

  /**
   * A module below this one whose class is a library's.
   *
   * @param path as for {@link #own}
   * @param file e.g. {@code torch/nn/modules/linear.py Linear.forward}
   */
  public ModuleScope library(String path, String file) {
    return new ModuleScope(this, path, modelingFile, classPrefix, file);
  }

  /** The module that has taken this one's place calls it; the path is that of both. */
  public ModuleScope wrapped() {
    return new ModuleScope(this, "", modelingFile, classPrefix, code, true);
  }

  /**
   * The module without parameters that this one calls, as an activation; its path is this one's.
   */
  public ModuleScope inner() {
    if (inner == null) {
      inner = wrapped();
    }
    return inner;
  }

  /** Whether another module has taken its place, and calls it. */
  public boolean isWrapped() {
    return wrapped;
  }

  /** This module, or where this is a function of one, that. */
  public ModuleScope called() {
    return name.isEmpty() && !wrapped && parent != null ? parent.called() : this;
  }

  /** The module that calls this one; null at the top. */
  public @Nullable ModuleScope caller() {
    return parent == null ? null : parent.called();
  }

  /** The path from the model, e.g. {@code model.layers.*.self_attn.q_proj}; empty for the model. */
  public String path() {
    if (parent == null) {
      return name;
    }
    String above = parent.path();
    return above.isEmpty() || name.isEmpty() ? above + name : above + '.' + name;
  }

  /** File and function whose forward pass this is; empty where that is not known. */
  public String code() {
    if (code.isEmpty() || code.indexOf(' ') >= 0 || modelingFile.isEmpty()) {
      return code.isEmpty() ? modelingFile : code;
    }
    return modelingFile + ' ' + classPrefix + code;
  }

  @Override
  public String toString() {
    return path();
  }
}
