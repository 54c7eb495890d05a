package org.qrm.api.command;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that can be asked of a plug-in, registered as an OSGi service. While it is there, and its plug-in is registered, it
 * is a path of the REST interface, a command of the Karaf console and of {@code bin/qrm}; roles and the audit log are the
 * server's business. Its noun is the plug-in's id: {@code qrm meter readings}.
 */
@ConsumerType
public interface PluginCommand {

    /** The plug-in's id. Asked once, when the service arrives. */
    String plugin();

    /** What it is. Asked once, when the service arrives. */
    CommandDescription description();

    /**
     * Carries it out, outside of any transaction: within 20 s, or as work ({@link CommandDescription#works}) within an hour.
     * Work may be asked for again after a crash: look what is there, and go on.
     *
     * @return with the fields that its description names
     * @throws org.qrm.api.QrmException what an administrator can act on; anything else is told as a fault of the plug-in
     */
    CommandAnswer run(CommandCall call);
}
