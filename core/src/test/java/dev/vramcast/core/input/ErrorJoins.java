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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a text that was made of an error is joined with another, read off the code of classes: a
 * {@code +} is an instruction there that has no call.
 */
final class ErrorJoins {

  private static final String HOME = "dev/vramcast/core/input/";
  private static final String PHRASE = HOME + "Phrase";

  private static final Map<String, Set<String>> RENDERING =
      Map.of(
          HOME + "InputError",
          Set.of("line", "sentence", "toString"),
          HOME + "Notice",
          Set.of("line", "sentence", "toString"),
          HOME + "Gap",
          Set.of("toString"),
          PHRASE,
          Set.of("text", "toString"));

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
          PHRASE,
          Set.of("of"));

  /** Who says words of this program by a notice, none of which is of an error. */
  private static final Set<String> OWN_WORDS =
      Set.of("dev/vramcast/answers/terminal/Terminal", "dev/vramcast/answers/operation/Parameter");

  private static final String CONCATENATION = "java/lang/invoke/StringConcatFactory";

  /**
   * Methods that give back a text which they made of an error: owner, name and type. A phrase alone
   * may be any words.
   */
  private final Set<String> passing = new HashSet<>();

  /** Knows which methods of classes pass such a text on, however many call each other. */
  ErrorJoins(Collection<JavaClass> classes) {
    int known;
    do {
      known = passing.size();
      classes.forEach(this::of);
    } while (passing.size() > known);
  }

  /** The methods of a class that join a text of an error, by their names. */
  List<String> of(JavaClass type) {
    List<String> found = new ArrayList<>();
    try (InputStream code = type.getSource().orElseThrow().getUri().toURL().openStream()) {
      new ClassReader(code).accept(new Methods(found), ClassReader.SKIP_FRAMES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private final class Methods extends ClassVisitor {

    private final List<String> found;
    private String owner = "";

    Methods(List<String> found) {
      super(Opcodes.ASM9);
      this.found = found;
    }

    @Override
    public void visit(
        int version, int access, String name, String generic, String parent, String[] interfaces) {
      owner = name;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String type, String generic, String[] thrown) {
      return new Instructions(name, owner + "." + name + type, found);
    }
  }

  /**
   * A text that is made stays until the method returns or throws; what stands behind is another
   * way.
   */
  private final class Instructions extends MethodVisitor {

    private final String name;
    private final String whole;
    private final List<String> found;
    private boolean rendered;
    private boolean ofError;

    Instructions(String name, String whole, List<String> found) {
      super(Opcodes.ASM9);
      this.name = name;
      this.whole = whole;
      this.found = found;
    }

    @Override
    public void visitMethodInsn(
        int code, String owner, String method, String type, boolean isInterface) {
      boolean isText = type.endsWith(")Ljava/lang/String;");
      if (isText
          && (RENDERING.getOrDefault(owner, Set.of()).contains(method)
              || passing.contains(owner + "." + method + type))) {
        rendered = true;
        ofError |= !owner.equals(PHRASE);
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
      if (code == Opcodes.ARETURN
          && ofError
          && whole.endsWith(")Ljava/lang/String;")
          && !OWN_WORDS.contains(whole.substring(0, whole.indexOf('.')))) {
        passing.add(whole);
      }
      if (code == Opcodes.ATHROW || code >= Opcodes.IRETURN && code <= Opcodes.RETURN) {
        rendered = false;
        ofError = false;
      }
    }

    private void join() {
      if (rendered && !found.contains(name)) {
        found.add(name);
      }
    }
  }
}
