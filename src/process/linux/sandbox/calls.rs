//! What becomes of each system call in the sandbox. A call that is in no list here, nor tested by its arguments, is unknown
//! there (`ENOSYS`): the program takes this kernel for an older one.
//!
//! Calls are packed by subject. Those of x86 alone stand apart, and so do those that are younger than the C library's names:
//! they have the same number on every processor.

use libc::c_long;

/// Gives the kernel's names to the C library's numbers.
macro_rules! calls {
    ($($name:ident)*) => { &[$(libc::$name),*] };
}

/// Carried out as they are. What they reach of files, and of processes by signals, Landlock decides.
#[rustfmt::skip]
pub(super) const ALLOWED: &[c_long] = calls! {
    SYS_read SYS_write SYS_readv SYS_writev SYS_pread64 SYS_pwrite64 SYS_preadv SYS_pwritev SYS_preadv2 SYS_pwritev2
    SYS_close SYS_close_range SYS_lseek SYS_dup SYS_dup3 SYS_pipe2 SYS_flock SYS_fsync SYS_fdatasync SYS_sync SYS_syncfs
    SYS_sync_file_range SYS_truncate SYS_ftruncate SYS_fallocate SYS_fadvise64 SYS_readahead SYS_copy_file_range
    SYS_sendfile SYS_splice SYS_tee SYS_vmsplice SYS_memfd_create SYS_memfd_secret
    SYS_getdents64 SYS_getcwd SYS_chdir SYS_fchdir SYS_umask SYS_readlinkat SYS_faccessat SYS_faccessat2 SYS_newfstatat
    SYS_fstat SYS_statfs SYS_fstatfs SYS_statx SYS_mkdirat SYS_unlinkat SYS_symlinkat SYS_linkat SYS_renameat
    SYS_renameat2 SYS_utimensat SYS_getxattr SYS_lgetxattr SYS_fgetxattr SYS_listxattr SYS_llistxattr SYS_flistxattr
    SYS_inotify_init1 SYS_inotify_add_watch SYS_inotify_rm_watch
    SYS_epoll_create1 SYS_epoll_ctl SYS_epoll_pwait SYS_epoll_pwait2 SYS_ppoll SYS_pselect6 SYS_eventfd2 SYS_signalfd4
    SYS_timerfd_create SYS_timerfd_settime SYS_timerfd_gettime
    SYS_io_setup SYS_io_destroy SYS_io_submit SYS_io_cancel SYS_io_getevents
    SYS_mmap SYS_mprotect SYS_munmap SYS_brk SYS_mremap SYS_msync SYS_mincore SYS_madvise SYS_mlock SYS_mlock2
    SYS_munlock SYS_mlockall SYS_munlockall SYS_pkey_alloc SYS_pkey_free SYS_pkey_mprotect SYS_remap_file_pages
    SYS_mbind SYS_set_mempolicy SYS_get_mempolicy SYS_membarrier SYS_mseal
    SYS_futex SYS_futex_waitv SYS_set_robust_list SYS_get_robust_list SYS_rseq
    SYS_execve SYS_execveat SYS_exit SYS_exit_group SYS_wait4 SYS_waitid SYS_getpid SYS_getppid SYS_gettid SYS_getpgid
    SYS_setpgid SYS_getsid SYS_setsid SYS_set_tid_address SYS_prctl SYS_personality SYS_seccomp
    SYS_landlock_create_ruleset SYS_landlock_add_rule SYS_landlock_restrict_self
    SYS_kill SYS_tkill SYS_tgkill SYS_pidfd_open SYS_pidfd_send_signal SYS_rt_sigaction SYS_rt_sigprocmask
    SYS_rt_sigreturn SYS_rt_sigpending SYS_rt_sigtimedwait SYS_rt_sigqueueinfo SYS_rt_tgsigqueueinfo SYS_rt_sigsuspend
    SYS_sigaltstack SYS_restart_syscall
    SYS_getuid SYS_geteuid SYS_getgid SYS_getegid SYS_getresuid SYS_getresgid SYS_getgroups SYS_setuid SYS_setgid
    SYS_setreuid SYS_setregid SYS_setresuid SYS_setresgid SYS_setgroups SYS_setfsuid SYS_setfsgid SYS_capget SYS_capset
    SYS_sched_yield SYS_sched_getparam SYS_sched_setparam SYS_sched_getscheduler SYS_sched_setscheduler
    SYS_sched_get_priority_max SYS_sched_get_priority_min SYS_sched_rr_get_interval SYS_sched_getaffinity
    SYS_sched_setaffinity SYS_sched_getattr SYS_sched_setattr SYS_getpriority SYS_ioprio_get SYS_getrlimit SYS_setrlimit
    SYS_getrusage SYS_times SYS_getcpu
    SYS_clock_gettime SYS_clock_getres SYS_clock_nanosleep SYS_nanosleep SYS_gettimeofday SYS_getitimer SYS_setitimer
    SYS_timer_create SYS_timer_settime SYS_timer_gettime SYS_timer_getoverrun SYS_timer_delete
    SYS_uname SYS_sysinfo SYS_getrandom
    SYS_recvfrom SYS_recvmsg SYS_recvmmsg SYS_shutdown SYS_getsockname SYS_getpeername SYS_getsockopt SYS_setsockopt
};

/// The same, of x86 alone.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
pub(super) const ALLOWED_OLD: &[c_long] = calls! {
    SYS_stat SYS_lstat SYS_access SYS_readlink SYS_rename SYS_mkdir SYS_rmdir SYS_link SYS_unlink SYS_symlink
    SYS_getdents SYS_utime SYS_utimes SYS_futimesat SYS_pipe SYS_dup2 SYS_poll SYS_select SYS_epoll_create SYS_epoll_wait
    SYS_eventfd SYS_signalfd SYS_inotify_init SYS_fork SYS_vfork SYS_getpgrp SYS_arch_prctl SYS_pause SYS_alarm SYS_time
};
#[cfg(not(target_arch = "x86_64"))]
pub(super) const ALLOWED_OLD: &[c_long] = &[];

/// The same, younger than their names.
#[rustfmt::skip]
pub(super) const ALLOWED_NEW: &[c_long] = &[
    450, // the home of what is bound by mbind
    451, // cachestat
    453, // map_shadow_stack
    454, 455, 456, // futex_wake, futex_wait, futex_requeue
    457, 458, // statmount, listmount
    459, 461, // lsm_get_self_attr, lsm_list_modules
    464, 465, // getxattrat, listxattrat
    468, // file_getattr
];

/// Those of one processor whose numbers the C library does not name.
#[cfg(target_arch = "x86_64")]
pub(super) const ALLOWED_HERE: &[c_long] = &[
    333, // io_pgetevents
    335, // uretprobe
];
#[cfg(target_arch = "aarch64")]
pub(super) const ALLOWED_HERE: &[c_long] = &[
    292, // io_pgetevents
];
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) const ALLOWED_HERE: &[c_long] = &[];

/// Refused with `EPERM`: they reach other processes, the whole machine, or what a file belongs to.
#[rustfmt::skip]
pub(super) const REFUSED: &[c_long] = calls! {
    SYS_ptrace SYS_process_vm_readv SYS_process_vm_writev SYS_process_madvise SYS_process_mrelease SYS_pidfd_getfd
    SYS_kcmp SYS_perf_event_open SYS_bpf SYS_userfaultfd SYS_migrate_pages SYS_move_pages
    SYS_shmget SYS_shmat SYS_shmctl SYS_shmdt SYS_semget SYS_semop SYS_semtimedop SYS_semctl SYS_msgget SYS_msgsnd
    SYS_msgrcv SYS_msgctl SYS_mq_open SYS_mq_unlink SYS_mq_timedsend SYS_mq_timedreceive SYS_mq_notify SYS_mq_getsetattr
    SYS_add_key SYS_request_key SYS_keyctl
    SYS_io_uring_setup SYS_io_uring_enter SYS_io_uring_register
    SYS_fchown SYS_fchownat SYS_setxattr SYS_lsetxattr SYS_fsetxattr SYS_removexattr SYS_lremovexattr SYS_fremovexattr
    SYS_name_to_handle_at SYS_open_by_handle_at SYS_fanotify_init SYS_fanotify_mark SYS_quotactl SYS_quotactl_fd
    SYS_mount SYS_umount2 SYS_open_tree SYS_move_mount SYS_fsopen SYS_fsconfig SYS_fsmount SYS_fspick SYS_mount_setattr
    SYS_pivot_root SYS_chroot SYS_unshare SYS_setns SYS_swapon SYS_swapoff
    SYS_sethostname SYS_setdomainname SYS_settimeofday SYS_clock_settime SYS_adjtimex SYS_clock_adjtime
    SYS_reboot SYS_kexec_load SYS_init_module SYS_finit_module SYS_delete_module SYS_syslog SYS_acct SYS_vhangup
    SYS_lookup_dcookie
};

/// The same, of x86 alone.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
pub(super) const REFUSED_OLD: &[c_long] = calls! {
    SYS_chown SYS_lchown SYS_iopl SYS_ioperm SYS_modify_ldt SYS_kexec_file_load SYS_uselib SYS_ustat SYS_sysfs
    SYS__sysctl
};
#[cfg(not(target_arch = "x86_64"))]
pub(super) const REFUSED_OLD: &[c_long] = &[];

/// The same, younger than their names.
#[rustfmt::skip]
pub(super) const REFUSED_NEW: &[c_long] = &[
    460, // lsm_set_self_attr
    463, 466, // setxattrat, removexattrat
    467, // open_tree_attr
    469, // file_setattr
];

/// Refused with `EACCES`, as a firewall would: what makes a socket that others reach.
pub(super) const UNREACHABLE: &[c_long] = calls! { SYS_bind SYS_listen SYS_accept SYS_accept4 };
