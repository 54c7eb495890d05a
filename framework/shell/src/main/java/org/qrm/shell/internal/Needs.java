package org.qrm.shell.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.qrm.api.user.Role;

/** Which role a command needs; the same as the REST interface asks for. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Needs {
    Role value();

    /** Whether it only looks, and so leaves no entry in the audit log. */
    boolean onlyToLook() default false;
}
