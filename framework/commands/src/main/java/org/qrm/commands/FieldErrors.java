package org.qrm.commands;

import java.util.Map;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;

/** Some of the answers that were sent are wrong. */
public final class FieldErrors extends QrmException {

    private static final long serialVersionUID = 1L;

    private final transient Map<String, String> errors;

    /** @param errors what is wrong, by field */
    public FieldErrors(Problem problem, Map<String, String> errors) {
        super(problem);
        this.errors = Map.copyOf(errors);
    }

    /** What is wrong, by field. */
    public Map<String, String> errors() {
        return errors;
    }
}
