package org.qrm.api.exec;

import java.io.InputStream;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ConsumerType;

/** Something at a terminal, far away; {@code xterm-256color} is what it thinks it writes to. */
@ConsumerType
public interface Terminal extends AutoCloseable {

    /** Its keyboard. */
    OutputStream input();

    /** What it writes; ends when what runs there has ended, or is gone. */
    InputStream output();

    /** Tells it another size; nothing happens when it has ended. */
    void resize(TerminalSize size);

    /** Hangs up: what runs there ends. */
    @Override
    void close();
}
