package dev.vramcast.linker;

import dev.vramcast.linker.ClassLinker.Call;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class of a lambda or of a reference to a method. One that captures nothing has one instance,
 * as Java's own has; another is made anew each time it is met.
 */
final class LambdaClass {

  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final String OBJECT = "java/lang/Object";
  private static final String NEW = "<init>";
  private static final String INSTANCE = "INSTANCE";
  private static final String MAKE = "of";

  private final String name;
  private final int version;
  private final String method;
  private final Type target;
  private final Type[] captured;
  private final Type erased;
  private final Handle called;
  private final Type actual;

  /**
   * A class.
   *
   * @param owner the class that the lambda stands in
   * @param number of lambdas in it that are before this
   * @param version of the class file
   */
  LambdaClass(String owner, int number, int version, Call call) {
    this.name = owner + "$$L" + number;
    this.version = version;
    this.method = call.name();
    this.target = Type.getReturnType(call.descriptor());
    this.captured = Type.getArgumentTypes(call.descriptor());
    this.erased = (Type) call.arguments().get(0);
    this.called = (Handle) call.arguments().get(1);
    this.actual = (Type) call.arguments().get(2);
  }

  /** Whether a call makes a lambda with one method and nothing beside it. */
  static boolean isFor(Call call) {
    return call.isLinkedBy(METAFACTORY, "metafactory");
  }

  String name() {
    return name;
  }

  /** Writes what takes the captured values from the stack and leaves the lambda there. */
  void writeUse(MethodVisitor code) {
    if (captured.length == 0) {
      code.visitFieldInsn(Opcodes.GETSTATIC, name, INSTANCE, target.getDescriptor());
    } else {
      code.visitMethodInsn(Opcodes.INVOKESTATIC, name, MAKE, makeDescriptor(), false);
    }
  }

  private String makeDescriptor() {
    return Type.getMethodDescriptor(target, captured);
  }

  /** The class file. */
  byte[] bytes(String host) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    int access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    String[] interfaces = {target.getInternalName()};
    writer.visit(version, access, name, null, OBJECT, interfaces);
    writer.visitNestHost(host);
    for (int i = 0; i < captured.length; i++) {
      writer
          .visitField(
              Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
              field(i),
              captured[i].getDescriptor(),
              null,
              null)
          .visitEnd();
    }
    writeConstructor(writer);
    if (captured.length == 0) {
      writeInstance(writer);
    } else {
      writeFactory(writer);
    }
    writeMethod(writer);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static String field(int index) {
    return "c" + index;
  }

  private void writeConstructor(ClassWriter writer) {
    MethodVisitor code =
        writer.visitMethod(
            Opcodes.ACC_PRIVATE,
            NEW,
            Type.getMethodDescriptor(Type.VOID_TYPE, captured),
            null,
            null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, NEW, "()V", false);
    int local = 1;
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(captured[i].getOpcode(Opcodes.ILOAD), local);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, field(i), captured[i].getDescriptor());
      local += captured[i].getSize();
    }
    end(code, Opcodes.RETURN);
  }

  private void writeInstance(ClassWriter writer) {
    String descriptor = target.getDescriptor();
    writer
        .visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, INSTANCE, descriptor, null, null)
        .visitEnd();
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    code.visitCode();
    writeNew(code);
    code.visitFieldInsn(Opcodes.PUTSTATIC, name, INSTANCE, descriptor);
    end(code, Opcodes.RETURN);
  }

  private void writeFactory(ClassWriter writer) {
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, MAKE, makeDescriptor(), null, null);
    code.visitCode();
    writeNew(code);
    end(code, Opcodes.ARETURN);
  }

  private void writeNew(MethodVisitor code) {
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    int local = 0;
    for (Type type : captured) {
      code.visitVarInsn(type.getOpcode(Opcodes.ILOAD), local);
      local += type.getSize();
    }
    String descriptor = Type.getMethodDescriptor(Type.VOID_TYPE, captured);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, NEW, descriptor, false);
  }

  /** The method of the interface: what was captured, then what is given, then the call. */
  private void writeMethod(ClassWriter writer) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PUBLIC, method, erased.getDescriptor(), null, null);
    code.visitCode();
    boolean makes = called.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    if (makes) {
      code.visitTypeInsn(Opcodes.NEW, called.getOwner());
      code.visitInsn(Opcodes.DUP);
    }
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, field(i), captured[i].getDescriptor());
    }
    Type[] wanted = wanted();
    Type[] given = erased.getArgumentTypes();
    int local = 1;
    for (int i = 0; i < given.length; i++) {
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), local);
      local += given[i].getSize();
      Type exact = actual.getArgumentTypes()[i];
      Conversion.write(code, given[i], wanted[captured.length + i], exact);
    }
    code.visitMethodInsn(
        opcode(), called.getOwner(), called.getName(), called.getDesc(), called.isInterface());
    Type made = makes ? Type.getObjectType(called.getOwner()) : calledType().getReturnType();
    Type returned = erased.getReturnType();
    Conversion.write(code, made, returned, returned);
    end(code, returned.getOpcode(Opcodes.IRETURN));
  }

  private Type calledType() {
    return Type.getMethodType(called.getDesc());
  }

  /** What the call takes, its object first where it has one. */
  private Type[] wanted() {
    Type[] parameters = calledType().getArgumentTypes();
    if (called.getTag() == Opcodes.H_INVOKESTATIC
        || called.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      return parameters;
    }
    Type[] all = new Type[parameters.length + 1];
    all[0] = Type.getObjectType(called.getOwner());
    System.arraycopy(parameters, 0, all, 1, parameters.length);
    return all;
  }

  /** A private method is called like any other by those of its nest. */
  private int opcode() {
    return switch (called.getTag()) {
      case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
      case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
      default -> called.isInterface() ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
    };
  }

  private static void end(MethodVisitor code, int opcode) {
    code.visitInsn(opcode);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }
}
