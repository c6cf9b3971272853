package dev.vramcast.core.input;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassReader;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.ClassVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Handle;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.MethodVisitor;
import com.tngtech.archunit.thirdparty.org.objectweb.asm.Opcodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a text that was made of an error is joined with another, read off the code of classes: a
 * {@code +} is an instruction there that has no call.
 */
final class ErrorJoins {

  private static final String HOME = "dev/vramcast/core/input/";

  private static final Map<String, Set<String>> RENDERING =
      Map.of(
          HOME + "InputError", Set.of("line", "sentence", "toString"),
          HOME + "Notice", Set.of("line", "sentence", "toString"),
          HOME + "Gap", Set.of("toString"),
          HOME + "Phrase", Set.of("text", "toString"));

  private static final Map<String, Set<String>> JOINING =
      Map.of(
          "java/lang/String",
          Set.of("concat", "format", "formatted", "join"),
          "java/lang/StringBuilder",
          Set.of("append", "insert"),
          "java/util/StringJoiner",
          Set.of("add"),
          "java/util/stream/Collectors",
          Set.of("joining"),
          HOME + "InputError",
          Set.of("of", "value", "and", "but", "allowed", "hint"),
          HOME + "Notice",
          Set.of("of", "and", "behind"),
          HOME + "Gap",
          Set.of("value", "needs", "modelled"),
          HOME + "Phrase",
          Set.of("of"));

  private static final String CONCATENATION = "java/lang/invoke/StringConcatFactory";

  private ErrorJoins() {}

  /** The methods of a class that join a text of an error, by their names. */
  static List<String> of(JavaClass type) {
    List<String> found = new ArrayList<>();
    try (InputStream code = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      new ClassReader(code).accept(new Methods(found), ClassReader.SKIP_FRAMES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private static final class Methods extends ClassVisitor {

    private final List<String> found;

    Methods(List<String> found) {
      super(Opcodes.ASM9);
      this.found = found;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String generic, String[] thrown) {
      return new Instructions(name, found);
    }
  }

  /**
   * A text that is made stays until the method returns or throws; what stands behind is another
   * way.
   */
  private static final class Instructions extends MethodVisitor {

    private final String name;
    private final List<String> found;
    private boolean rendered;

    Instructions(String name, List<String> found) {
      super(Opcodes.ASM9);
      this.name = name;
      this.found = found;
    }

    @Override
    public void visitMethodInsn(
        int code, String owner, String method, String type, boolean isInterface) {
      boolean isText = type.endsWith(")Ljava/lang/String;");
      if (isText && RENDERING.getOrDefault(owner, Set.of()).contains(method)) {
        rendered = true;
      } else if (!type.startsWith("()") && JOINING.getOrDefault(owner, Set.of()).contains(method)) {
        join();
      }
    }

    @Override
    public void visitInvokeDynamicInsn(
        String method, String type, Handle bootstrap, Object... arguments) {
      if (bootstrap.getOwner().equals(CONCATENATION)) {
        join();
      }
    }

    @Override
    public void visitInsn(int code) {
      if (code == Opcodes.ATHROW || code >= Opcodes.IRETURN && code <= Opcodes.RETURN) {
        rendered = false;
      }
    }

    private void join() {
      if (rendered && !found.contains(name)) {
        found.add(name);
      }
    }
  }
}
