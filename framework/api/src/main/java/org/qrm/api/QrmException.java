package org.qrm.api;

/** A {@link Problem} on its way to whoever asked. Nothing has changed when it is thrown, unless its text says so. */
public class QrmException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public QrmException(Problem problem) {
        this(problem, null);
    }

    public QrmException(Problem problem, Throwable cause) {
        super(problem.sentence(), cause);
        this.problem = problem;
    }

    /** Malformed request. */
    public static QrmException invalid(String attempted, String subject, String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.INVALID, attempted, subject, reason, remedy));
    }

    /** Something that does not exist. */
    public static QrmException notFound(String attempted, String noun, String subject) {
        return new QrmException(new Problem(
                Problem.Kind.NOT_FOUND,
                attempted,
                subject,
                "there is no such " + noun,
                "List what there is and check the name."));
    }

    /** Contradiction to the present state. */
    public static QrmException conflict(String attempted, String subject, String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.CONFLICT, attempted, subject, reason, remedy));
    }

    /** Something that does not fit, or that a plug-in vetoes. */
    public static QrmException refused(String attempted, String subject, String reason, String remedy) {
        return new QrmException(new Problem(Problem.Kind.REFUSED, attempted, subject, reason, remedy));
    }

    /** An attempt that failed. */
    public static QrmException failed(String attempted, String subject, String reason, String remedy, Throwable cause) {
        return new QrmException(new Problem(Problem.Kind.FAILED, attempted, subject, reason, remedy), cause);
    }

    public Problem problem() {
        return problem;
    }
}
