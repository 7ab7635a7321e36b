// What is wrong with a form is where keyboard and screen reader go on.
document.querySelector(".notice.wrong[tabindex]")?.focus();
