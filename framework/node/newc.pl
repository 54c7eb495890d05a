# Reads path names, one a line, and writes them as a cpio archive of the form "newc", which the kernel unpacks as initramfs
# (Documentation/driver-api/early-userspace/buffer-format.rst). Owner 0, time 0 and numbered inodes: the bytes depend on nothing else.
use strict;
use warnings;

my $inode = 0;

sub entry {
    my ($name, $mode, $links, $data, $major, $minor) = @_;
    my $head = sprintf('070701' . '%08X' x 13,
        $name eq 'TRAILER!!!' ? 0 : ++$inode, $mode, 0, 0, $links, 0, length $data, 0, 0, $major, $minor, length($name) + 1, 0);
    print padded($head . $name . "\0"), padded($data);
}

sub padded {
    my ($bytes) = @_;
    return $bytes . "\0" x (-length($bytes) % 4);
}

sub content {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "newc: cannot read $path: $!\n";
    local $/;
    my $data = <$file>;
    return defined $data ? $data : '';
}

binmode STDOUT;
while (my $path = <STDIN>) {
    chomp $path;
    my $mode = (lstat $path)[2];
    defined $mode or die "newc: cannot look at $path: $!\n";
    if (-l $path) { entry($path, 0120777, 1, readlink $path, 0, 0) }
    elsif (-d _)  { entry($path, $mode, 2, '', 0, 0) }
    elsif (-f _)  { entry($path, $mode, 1, content($path), 0, 0) }
    else          { die "newc: $path is neither file, directory nor link\n" }
}
entry('dev/console', 0020600, 1, '', 5, 1);
entry('TRAILER!!!', 0, 1, '', 0, 0);
