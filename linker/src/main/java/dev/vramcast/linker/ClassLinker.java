package dev.vramcast.linker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Turns calls that are linked when they are first met ({@code invokedynamic}) into plain ones. A
 * lambda or a reference to a method becomes an instance of a class of its own beside the class that
 * it stands in, with a field for each value that it captures, as an anonymous class would be; what
 * compares, hashes and prints a record becomes a method of it.
 *
 * <p>What such a class calls may be private: it is a member of the nest of the class that it is
 * made for, as an inner class is, and nests came with Java 11. A lambda that can be serialized
 * stays as it is, as its form says what made it.
 *
 * <p>Classes of others lose their tables of lines and local variables, a sixth of what is shipped,
 * and the program's own those of local variables, which no trace of a stack names.
 */
final class ClassLinker {

  static final int API = Opcodes.ASM9;

  private static final String SUFFIX = ".class";
  private static final String OWN = "dev/vramcast/";

  private final Map<String, List<String>> membersByHost = new HashMap<>();

  private ClassLinker() {}

  /**
   * Links classes.
   *
   * @param classes by the name of the file; those of one nest are all among them
   * @return by the name of a file what is in its place: the class, and those made for it
   */
  static Map<String, Map<String, byte[]>> link(Map<String, byte[]> classes) {
    ClassLinker linker = new ClassLinker();
    Map<String, Map<String, byte[]>> linked = new LinkedHashMap<>();
    classes.forEach((name, bytes) -> linked.put(name, linker.linked(name, bytes)));
    linker.membersByHost.forEach(
        (host, members) -> {
          Map<String, byte[]> files = linked.get(host + SUFFIX);
          if (files == null) {
            throw new IllegalStateException("not among the classes: " + host);
          }
          files.computeIfPresent(host + SUFFIX, (name, bytes) -> withMembers(bytes, members));
        });
    return linked;
  }

  private Map<String, byte[]> linked(String name, byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(0);
    Calls calls = new Calls(writer);
    boolean own = name.startsWith(OWN);
    reader.accept(calls, own ? 0 : ClassReader.SKIP_DEBUG);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(name, calls.changed() || !own ? writer.toByteArray() : bytes);
    for (LambdaClass lambda : calls.lambdas) {
      files.put(lambda.name() + SUFFIX, lambda.bytes(calls.host));
      membersByHost.computeIfAbsent(calls.host, host -> new ArrayList<>()).add(lambda.name());
    }
    return files;
  }

  private static byte[] withMembers(byte[] bytes, List<String> members) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(writer, 0);
    members.forEach(writer::visitNestMember);
    return writer.toByteArray();
  }

  /** Changes the calls of one class, and says what has to be made for them. */
  private static final class Calls extends ClassVisitor {

    private final List<LambdaClass> lambdas = new ArrayList<>();
    private final List<RecordMethod> methods = new ArrayList<>();
    private String owner = "";
    private String host = "";
    private int version;
    private boolean isInterface;
    private boolean namedVariables;

    Calls(ClassVisitor next) {
      super(API, next);
    }

    boolean changed() {
      return namedVariables || !lambdas.isEmpty() || !methods.isEmpty();
    }

    @Override
    public void visit(
        int classVersion,
        int access,
        String name,
        @Nullable String signature,
        @Nullable String superName,
        String @Nullable [] interfaces) {
      version = classVersion;
      owner = name;
      host = name;
      isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
      super.visit(classVersion, access, name, signature, superName, interfaces);
    }

    @Override
    public void visitNestHost(String nestHost) {
      host = nestHost;
      super.visitNestHost(nestHost);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      return (version & 0xFFFF) < Opcodes.V11 ? next : new Body(next);
    }

    @Override
    public void visitEnd() {
      methods.forEach(method -> method.write(cv));
      super.visitEnd();
    }

    private final class Body extends MethodVisitor {

      Body(MethodVisitor next) {
        super(API, next);
      }

      @Override
      public void visitLocalVariable(
          String name,
          String descriptor,
          @Nullable String signature,
          Label start,
          Label end,
          int index) {
        namedVariables = true;
      }

      @Override
      public void visitInvokeDynamicInsn(
          String name, String descriptor, Handle bootstrap, Object... arguments) {
        Call call = new Call(name, descriptor, bootstrap, List.of(arguments));
        if (LambdaClass.isFor(call)) {
          LambdaClass lambda = new LambdaClass(owner, lambdas.size(), version, call);
          lambdas.add(lambda);
          lambda.writeUse(this);
        } else if (RecordMethod.isFor(call)) {
          RecordMethod method = new RecordMethod(owner, call);
          methods.add(method);
          method.writeUse(this, isInterface);
        } else {
          super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }
      }
    }
  }

  /**
   * A call that is linked when it is first met.
   *
   * @param name of the method that is called, or that the object made has
   * @param descriptor what it takes from the stack, and leaves there
   * @param bootstrap what links it
   * @param arguments what that is given
   */
  record Call(String name, String descriptor, Handle bootstrap, List<Object> arguments) {

    boolean isLinkedBy(String owner, String method) {
      return bootstrap.getOwner().equals(owner) && bootstrap.getName().equals(method);
    }
  }
}
